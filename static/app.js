// What the pages do beyond plain HTML and htmx: pop-ups, keys, work under way,
// the end of the session, focus after a change, and values written as they are
// read; keep.js keeps what is typed in long forms. Every page works without this file. It writes no HTML text (Trusted
// Types forbid it) and keeps nothing in the browser's storage.
(() => {
  "use strict";

  const body = document.body;
  const byId = (id) => document.getElementById(id);
  const words = body.dataset; // the few words needed here come with the page

  // --- Pop-ups: a[data-dialog] fetches a <dialog> into #dialogs; it opens there.

  const dialogs = byId("dialogs");
  const topDialog = () => [...document.querySelectorAll("dialog:modal")].pop();
  let opener = null;

  function follows(event, link) {
    return link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.defaultPrevented;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!follows(event, link) || link.hasAttribute("hx-get")) return;
    event.preventDefault();
    opener = link;
    htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#dialogs", swap: "innerHTML" });
  });

  function open(dialog) {
    if (dialog.open) return;
    const back = opener ?? document.activeElement;
    opener = null;
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialogs.contains(dialog)) dialog.remove();
      const home = back?.isConnected ? back : byId(back?.id); // a swap may have put a new one in its place
      home?.focus();
    }, { once: true });
  }

  if (dialogs) {
    new MutationObserver(() => dialogs.querySelectorAll("dialog").forEach(open)).observe(dialogs, { childList: true });
  }

  // A press on the curtain around a pop-up closes it, unless it must be answered.
  document.addEventListener("mousedown", (event) => {
    const dialog = event.target;
    if (dialog.tagName !== "DIALOG" || dialog.hasAttribute("data-stays")) return;
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  });

  // Esc closes it, also from a search field, which by itself would only be emptied.
  // One that must be answered stays: behind the end of a session are people's data.
  document.addEventListener("keydown", (event) => {
    const dialog = event.key === "Escape" && topDialog();
    if (!dialog) return;
    if (dialog.hasAttribute("data-stays")) event.preventDefault();
    else if (event.target.matches("input[type=search]")) {
      event.preventDefault();
      dialog.close();
    }
  });

  // The tabs and the filter of the catalogue ask for the same list. What is typed
  // next is looked for in the tab just chosen, though its list is still on the way.
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("a[hx-target='#catalogue-body']");
    if (!tab) return;
    const chosen = new URLSearchParams(tab.search);
    const place = ["category", "subcategory"].filter((name) => chosen.has(name)).map((name) => {
      const input = document.createElement("input");
      return Object.assign(input, { type: "hidden", name, value: chosen.get(name) });
    });
    byId("catalogue-place")?.replaceChildren(...place);
  });

  // --- What happened: a notice can be put away, and one that arrives while a
  // pop-up is open is shown inside it, because the page behind is asleep.

  function dressed(notice) {
    if (notice.querySelector(".notice-close")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "notice-close";
    button.textContent = "×";
    button.setAttribute("aria-label", words.close || "×");
    button.addEventListener("click", () => notice.remove());
    notice.append(button);
    if (!notice.classList.contains("notice-error")) linger(notice);
  }

  // Good news leaves by itself; it stays while somebody reads it.
  function linger(notice) {
    setTimeout(() => (notice.matches(":hover, :focus-within") ? linger(notice) : notice.remove()), 8000);
  }

  const status = byId("status");

  function tell() {
    const notice = status.querySelector(".notice");
    if (!notice) return;
    dressed(notice);
    const region = topDialog()?.querySelector(".popup-status");
    if (!region) return;
    const copy = notice.cloneNode(true);
    copy.querySelector(".notice-close")?.remove();
    region.replaceChildren(copy);
    dressed(copy);
  }

  function say(text, isError) {
    const notice = document.createElement("div");
    notice.className = isError ? "notice notice-error" : "notice";
    const span = document.createElement("span");
    span.textContent = text;
    notice.append(span);
    status.replaceChildren(notice);
  }

  if (status) {
    new MutationObserver(tell).observe(status, { childList: true });
    // A region speaks of what changes in it, not of what came with the page.
    const arrived = [...status.children];
    status.replaceChildren();
    setTimeout(() => status.firstChild || status.append(...arrived), 150);
  }

  // --- Work under way shows after 150 ms; a form is not sent twice.

  const bar = document.createElement("div");
  bar.className = "busy-bar";
  const waiting = new Map();

  function begin(what) {
    if (waiting.has(what)) return;
    waiting.set(what, setTimeout(() => {
      what.classList.add("busy");
      what.setAttribute("aria-busy", "true");
      body.append(bar);
    }, 150));
  }

  function end(what) {
    clearTimeout(waiting.get(what));
    waiting.delete(what);
    what.classList.remove("busy");
    what.removeAttribute("aria-busy");
    if (waiting.size === 0) bar.remove();
  }

  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx.sourceElement;
    if (!source.hasAttribute("data-keep")) begin(source); // what keeps itself does so in silence
  });
  document.addEventListener("htmx:finally:request", (event) => {
    end(event.detail.ctx.sourceElement);
    for (const what of waiting.keys()) if (!what.isConnected) end(what);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (waiting.has(form)) return void event.preventDefault();
    typed.delete(form);
    begin(form);
  });
  addEventListener("pageshow", () => [...waiting.keys()].forEach(end)); // back from another page

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && words.offline) say(words.offline, true);
  });

  // --- A long text that was not sent is not left by accident.

  const typed = new Set();

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.tagName === "TEXTAREA" && field.form && !field.form.hasAttribute("data-kept") && field.value.length > 20) typed.add(field.form);
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.response.status < 400) typed.delete(event.detail.ctx.request.form);
  });
  addEventListener("beforeunload", (event) => {
    for (const form of typed) if (form.isConnected) return void event.preventDefault();
  });

  // --- Focus goes where the answer says (data-focus), or to what changed when
  // the focused element went away.

  function takeFocus(element) {
    if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
    element.focus({ preventScroll: element.matches("section, main") }); // a heading scrolls only when it is out of sight
  }

  document.addEventListener("htmx:before:swap", (event) => {
    event.detail.ctx.focusId = document.activeElement?.id;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const told = document.querySelector("[data-focus]");
    if (told) {
      told.removeAttribute("data-focus");
      return takeFocus(told);
    }
    if (document.activeElement && document.activeElement !== body) return;
    const { focusId, target } = event.detail.ctx;
    const again = (focusId && byId(focusId)) || (target?.id && byId(target.id)?.querySelector("[tabindex='-1'], h1, h2, h3"));
    if (again) takeFocus(again);
  });

  // Whoever opened questions with the mouse goes on typing in the first; from the
  // keyboard Tab leads there, and the way back stays under the fingers.
  document.addEventListener("click", (event) => {
    const box = event.detail > 0 && event.target.closest(":is(.opt-add, .decide) > details:not([open]) > summary")?.parentElement;
    if (box) setTimeout(() => box.querySelector(":is(input:not([type=hidden]), select, textarea)")?.focus());
  });

  // --- The session: its token, its last two minutes, its end.

  const warning = byId("session-warning");
  const ended = byId("session-ended");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("gsl-session") : null;
  let warnTimer, endTimer;
  let renewed = 0; // when one signed in over the page

  function renewToken(token) {
    body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-Token": token }));
    document.querySelectorAll("input[name=_token]").forEach((input) => (input.value = token));
  }

  function sessionLasts(seconds) {
    clearTimeout(warnTimer);
    clearTimeout(endTimer);
    if (!warning || !(seconds > 0)) return;
    warning.close();
    warnTimer = setTimeout(() => ended.open || open(warning), Math.max(0, seconds - 120) * 1000);
    endTimer = setTimeout(sessionEnded, seconds * 1000);
  }

  function sessionEnded() {
    if (!ended) return;
    warning.close();
    open(ended);
  }

  if (tabs) tabs.onmessage = (event) => sessionLasts(event.data);

  function heard(seconds) {
    sessionLasts(seconds);
    tabs?.postMessage(seconds);
  }
  if (words.sessionLeft) heard(Number(words.sessionLeft));

  document.addEventListener("htmx:config:request", (event) => (event.detail.ctx.asked = performance.now()));
  document.addEventListener("htmx:before:response", (event) => {
    const { asked, response } = event.detail.ctx;
    const { headers, status: code } = response;
    const token = headers.get("X-Token");
    if (token) {
      renewToken(token);
      renewed = performance.now();
      if (code < 400) ended?.close();
    }
    if (headers.get("X-Session-Left")) heard(Number(headers.get("X-Session-Left")));
    if (code === 401 && headers.get("X-Session") === "ended" && ended) {
      event.preventDefault(); // the page stays as it is, with what was typed
      if (asked > renewed) sessionEnded(); // else it was under way while one signed in
    }
  });

  // --- Keys. They can be switched off in the help.

  let before = "";

  function isWriting(element) {
    return element?.closest("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
  }

  function press(selector) {
    const target = document.querySelector(selector);
    if (!target) return false;
    if (target.matches("input")) {
      target.focus();
      target.select();
    } else target.click();
    return true;
  }

  const keys = {
    "/": () => press("#run-box"),
    "?": () => press("[data-key='?']"),
    "a": () => press("[data-key=a], a[data-dialog][href*='/catalogue']"),
    "f": () => press("[data-key=f]"),
    "g b": () => press(".brand"),
    "g i": () => press("[data-key='g i'], a[href='/inbox']"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = document.activeElement?.form ?? document.querySelector("form[data-save]");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (words.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "/" && event.target.matches("[data-type=run]")) {
      event.preventDefault(); // no RUN has a slash: whoever presses it is where they want to be
      return;
    }
    if (isWriting(event.target) || document.querySelector("dialog:modal")) return;
    const pressed = before ? before + " " + event.key : event.key;
    before = event.key === "g" && !before ? "g" : "";
    if (keys[pressed]?.()) event.preventDefault();
  });

  // Arrows go along a row of links and down a list of buttons; Tab works as ever.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const down = event.key === "ArrowDown" || event.key === "ArrowUp";
    const row = event.target.closest(down ? "[data-arrows=down]" : "[data-arrows='']");
    if (!row) return;
    const stops = [...row.querySelectorAll(down ? "[data-stop]" : "a")].filter((stop) => stop.checkVisibility());
    const at = stops.indexOf(event.target);
    if (at < 0 || !stops[at + step]) return;
    event.preventDefault();
    stops[at + step].focus();
  });

  // --- Minutes go on while a page stays open; a paper is printed by its button.

  const clocks = new WeakMap(); // minutes → when they were 0 by this browser's clock

  function tick() {
    document.querySelectorAll("[data-minutes]").forEach((span) => {
      if (!clocks.has(span)) clocks.set(span, Date.now() - Number(span.dataset.minutes) * 60000);
      const minutes = String(Math.floor((Date.now() - clocks.get(span)) / 60000));
      if (span.textContent !== minutes) span.textContent = minutes;
    });
  }
  tick();
  setInterval(tick, 15000);

  document.querySelectorAll("button[data-copy]").forEach((button) => (button.hidden = !navigator.clipboard));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    const copied = () => (document.getElementById("status").textContent = button.lastChild.textContent = button.dataset.copied);
    navigator.clipboard.writeText(field.value).then(copied, () => field.select());
  });
  document.querySelectorAll("button[data-print]").forEach((button) => (button.hidden = false));
  document.addEventListener("click", (event) => event.target.closest("button[data-print]") && print());

  // --- Values are written as they are read: 12.345.678-5, 45.000, 21-11-2026.

  const thousands = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ".");
  const written = {
    run(text) {
      const plain = text.replace(/[.\s-]/g, "").toUpperCase().replace(/^0+/, "");
      return /^\d{6,9}[\dK]$/.test(plain) ? thousands(plain.slice(0, -1)) + "-" + plain.slice(-1) : text;
    },
    money(text) {
      const plain = text.replace(/[$.\s]/g, "");
      return /^\d{1,15}$/.test(plain) ? thousands(plain.replace(/^0+(?=\d)/, "")) : text;
    },
    date(text) {
      const parts = text.trim().match(/^(\d{1,2})[-/. ]?(\d{1,2})[-/. ]?(\d{4})$/);
      return parts ? parts[1].padStart(2, "0") + "-" + parts[2].padStart(2, "0") + "-" + parts[3] : text;
    },
  };

  document.addEventListener("change", (event) => {
    const write = written[event.target.dataset?.type];
    if (write) event.target.value = write(event.target.value);
  });
})();
