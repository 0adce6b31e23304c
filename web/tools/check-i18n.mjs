// Holds the catalogue and the components to each other: every string that people see is in the catalogue, and
// every string in the catalogue is seen. (That a used key exists, and its placeholders are given, `tsc` checks.)
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const CATALOGUE = "src/i18n/en";
/** Not shown to people: the kit's own page, tests. */
const LEFT_OUT = /src\/app\/kit\/|\.test\.tsx?$|src\/test\//;
/** Attributes and properties whose text is shown or read out. */
const SHOWN = new Set([
  "aria-label",
  "alt",
  "title",
  "placeholder",
  "label",
  "description",
  "hint",
  "detail",
  "confirm",
]);
const LETTERS = /\p{L}{2,}/u;

/** The source files below `folder`. */
function files(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name).replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path));
}

function parse(path) {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, kind);
}

function walk(node, visit) {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

const problems = [];
function report(source, node, text) {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  problems.push(`${source.fileName}:${line + 1}: ${text}`);
}

/** Where each key of the catalogue is written. */
const keys = new Map();
for (const path of files(CATALOGUE)) {
  const source = parse(path);
  walk(source, (node) => {
    if (!ts.isPropertyAssignment(node) || !ts.isStringLiteral(node.name)) return;
    const key = node.name.text;
    if (keys.has(key)) report(source, node, `the key ${key} is there twice`);
    keys.set(key, { source, node });
  });
}

const used = new Set();
for (const path of files("src")) {
  if (path.startsWith(CATALOGUE) || LEFT_OUT.test(path)) continue;
  const source = parse(path);
  walk(source, (node) => {
    if (ts.isStringLiteralLike(node) && keys.has(node.text)) used.add(node.text);
    // A key made of a fixed part and a closed list, as `rooms.kind.${kind}`: tsc checks that each exists.
    if (ts.isTemplateExpression(node) && /^[a-z]+\.\w/.test(node.head.text)) {
      for (const key of keys.keys()) if (key.startsWith(node.head.text)) used.add(key);
    }
    if (ts.isJsxText(node) && LETTERS.test(node.text)) {
      report(source, node, `text outside of the catalogue: ${node.text.trim()}`);
    }
    if (ts.isJsxAttribute(node) && SHOWN.has(node.name.getText(source)) && node.initializer !== undefined) {
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value !== undefined && ts.isStringLiteralLike(value) && LETTERS.test(value.text)) {
        report(source, node, `text outside of the catalogue: ${value.text}`);
      }
    }
  });
}

for (const [key, { source, node }] of keys) {
  if (!used.has(key)) report(source, node, `nothing uses the key ${key}`);
}

for (const problem of problems) console.error(problem);
console.log(`${keys.size} strings in the catalogue, ${problems.length} problems`);
if (problems.length > 0) process.exit(1);
