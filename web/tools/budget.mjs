// Fails when the script that must arrive before the composer is usable exceeds the budget.
//
// Counted: the entry, the route of a room, and whatever these import statically, to the last chunk; each as
// its brotli size, since that is what travels.
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";

const BUDGET_KIB = 200;
/** The modules that a cold start on a room's address loads: the entry, and the lazy route of a room. */
const ROOTS = ["index.html", "src/features/rooms/index.ts", "src/features/conversation/index.ts"];

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));
const chunks = new Set();

// The manifest is for this check; it is no part of the site.
rmSync("dist/.vite", { recursive: true });

/** Adds the chunk `key` and all that it imports statically. */
function add(key) {
  const chunk = manifest[key];
  if (chunk === undefined || chunks.has(chunk.file)) return;
  chunks.add(chunk.file);
  for (const next of chunk.imports ?? []) add(next);
}

for (const root of ROOTS) add(root);

const sizes = [...chunks]
  .filter((file) => file.endsWith(".js"))
  .map((file) => {
    const brotli = `dist/${file}.br`;
    return { file, bytes: statSync(existsSync(brotli) ? brotli : `dist/${file}`).size };
  })
  .sort((a, b) => b.bytes - a.bytes);
if (sizes.length === 0) throw new Error("no script found in the build's manifest");

const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
for (const { file, bytes } of sizes) console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KiB  ${file}`);
console.log(
  `${(total / 1024).toFixed(1).padStart(7)} KiB  of ${BUDGET_KIB} KiB before the composer is usable`,
);
if (total > BUDGET_KIB * 1024) {
  console.error("the first load is over its budget");
  process.exit(1);
}
