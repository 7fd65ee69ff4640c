// Makes the icon sprites: one <symbol> for each Bootstrap icon that the source
// names. usage: node static/sprite.js <first> <more>. The first holds the icons of
// the frame and of the pages that one begins with, so that their first load stays
// small; the other those that only the remaining rooms use. A name is taken from
//   Icon("x")  Icon: "x"  Panel(…, "x", …)  Empty("x", …)  Fact{"x", …}
// and from any literal with a dash or digit that is the name of an icon.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const icons = "node_modules/bootstrap-icons/icons/";
const known = new Set(readdirSync(icons).map((file) => file.replace(".svg", "")));

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(templ|go)$/.test(path) && !/_(templ|test)\.go$/.test(path)) yield path;
  }
}

const called = /\b(?:Icon\(|Empty\(|Fact\{)\s*"([a-z0-9-]+)"|\bicon\w*\s*[:=]+\s*"([a-z0-9-]+)"|\bPanel\([^\n]*?,\s*"([a-z0-9-]+)"/gi;
const literal = /"([a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+[0-9]+)"/g;
const wanted = new Map([["exclamation-circle", true]]); // name → it is one of the first
const first = /^(templates|app)\/(layout|ui|access(?!\/(account|users|roster|invite|trail|factor|grant))|people(?!\/(merge|restricted|glass))|attention(?!\/(paper|topics))|screening|catalogue(?!\/national)|plan(?!\/pages)|[^/]+\.go)(\/|$)/;
let wrong = 0;

for (const path of [...sources("templates"), ...sources("app")]) {
  const text = readFileSync(path, "utf8");
  const want = (name) => wanted.set(name, wanted.get(name) || first.test(path));
  for (const match of text.matchAll(called)) {
    const name = match[1] ?? match[2] ?? match[3];
    if (known.has(name)) want(name);
    else if (match[0].startsWith("Icon(")) {
      console.error(`${path}: "${name}" is not a Bootstrap icon`);
      wrong++;
    }
  }
  for (const [, name] of text.matchAll(literal)) if (known.has(name)) want(name);
}
if (wrong) process.exit(1);

function symbol(name) {
  const svg = readFileSync(`${icons}${name}.svg`, "utf8");
  const box = svg.match(/viewBox="([^"]+)"/)[1];
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="${box}">${body}</symbol>`;
}

const sprite = (isFirst) => `<svg xmlns="http://www.w3.org/2000/svg">${[...wanted.keys()].filter((name) => wanted.get(name) === isFirst).sort().map(symbol).join("\n")}</svg>\n`;
writeFileSync(process.argv[2], sprite(true));
writeFileSync(process.argv[3], sprite(false));
