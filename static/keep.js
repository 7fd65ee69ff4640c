// What is typed in a part ([data-keep]) of a long form keeps itself: a moment
// after the last key and, while somebody goes on typing, at the latest every two
// seconds. One part is sent, never the whole form, and the form's .saved says what
// became of it. What could not be kept (no line, the session ended) is tried again
// until it is. Only pages with such a form load this.
(() => {
  "use strict";

  const keepers = new Map(); // id of the part → how it stands
  let turn = 0; // numbers the saves of this page: one that comes late changes nothing

  function keeperOf(part) {
    const { id } = part; // a swap may put a new part in its place
    if (!keepers.has(id)) keepers.set(id, { part: () => document.getElementById(id) });
    return keepers.get(id);
  }

  function keepSoon(part) {
    if (!part) return;
    const keeper = keeperOf(part);
    keeper.typed = true;
    keeper.sent = false;
    clearTimeout(keeper.rest);
    keeper.rest = setTimeout(keep, 700, part.id);
    keeper.latest ??= setTimeout(keep, 1500, part.id);
  }

  function still(keeper) {
    clearTimeout(keeper.rest);
    clearTimeout(keeper.latest);
    keeper.latest = undefined;
  }

  // What ended so may end otherwise the next time.
  const passing = (outcome) => !outcome || outcome === 401 || outcome === 429 || outcome >= 500;

  async function keep(id) {
    const keeper = keepers.get(id), part = keeper.part();
    still(keeper);
    if (keeper.busy || !keeper.typed || !part) return; // when it is free again, it goes on
    keeper.typed = false;
    keeper.outcome = 0;
    await htmx.ajax("POST", part.dataset.keep, { source: part, target: "#" + part.closest("form").querySelector(".saved").id, swap: "innerHTML" });
    if (passing(keeper.outcome) && !keeper.sent) {
      keeper.typed = true;
      keeper.rest = setTimeout(keep, 3000, id);
    }
  }

  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      const part = event.target.closest("[data-keep]");
      if (part && event.target.name) keepSoon(part);
    });
  }

  // Of the form only the part goes out, with whatever button in it was pressed.
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const part = ctx.sourceElement.closest("[data-keep]");
    if (!part) return;
    const sent = new URLSearchParams(); // whatever the form says of its encoding: no file is in a part
    part.querySelectorAll("input, select, textarea").forEach((field) => {
      if (field.name && (field.checked || !["checkbox", "radio"].includes(field.type))) sent.append(field.name, field.value);
    });
    const { page } = part.closest("form").elements;
    if (page && !part.contains(page)) {
      sent.append("page", page.value);
      sent.append("turn", ++turn);
    }
    if (ctx.sourceElement.name) sent.append(ctx.sourceElement.name, ctx.sourceElement.value);
    ctx.request.body = sent;
    const keeper = (ctx.keeper = keeperOf(part));
    keeper.busy = true;
    if (ctx.sourceElement !== part) keeper.typed = false; // the button takes along what was typed
  });

  // A form that is sent whole takes along what was typed in its parts; when it did
  // not arrive, they go on keeping it.
  const partsOf = (form) => [...keepers.values()].filter((keeper) => keeper.part()?.closest("form") === form);

  document.addEventListener("submit", (event) => {
    for (const keeper of partsOf(event.target)) {
      still(keeper);
      Object.assign(keeper, { typed: false, refused: false, sent: true });
    }
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.keeper) {
      ctx.keeper.outcome = ctx.response.status;
      ctx.keeper.refused = ctx.response.status >= 400;
    } else ctx.outcome = ctx.response.status;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { keeper, outcome, sourceElement } = event.detail.ctx;
    if (!keeper) {
      if (passing(outcome)) partsOf(sourceElement).forEach((each) => keepSoon(each.part()));
      return;
    }
    keeper.busy = false;
    if (keeper.typed) keepSoon(keeper.part());
  });

  const unkept = () => [...keepers].filter(([, keeper]) => !keeper.sent && (keeper.typed || keeper.busy || keeper.refused) && keeper.part());

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") unkept().forEach(([id]) => keep(id));
  });
  addEventListener("beforeunload", (event) => {
    const left = unkept();
    left.forEach(([id]) => keep(id));
    if (left.length > 0) event.preventDefault();
  });
})();
