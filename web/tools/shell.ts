import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import type { Plugin } from "vite";

const WORKER = "sw.js";

/** The files of `public/`, as addresses. */
function publicFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(folder.length)}/${entry.name}`.replaceAll("\\", "/"));
}

/**
 * Finishes the page's shell. Tells the service worker which files make up this build. A build's version is the hash of its file names
 * and its page; the names carry the hashes of the contents.
 */
export function shell(): Plugin {
  let folder = "";
  return {
    name: "loquat-shell",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      folder = config.publicDir;
    },
    // The script sets the theme before anything is painted; Vite drops the attribute from its own tag.
    transformIndexHtml: {
      order: "post",
      handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
    },
    generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") throw new Error(`the build has no ${WORKER}`);
      if (worker.imports.length > 0)
        throw new Error(`${WORKER} must stand alone, but imports ${worker.imports}`);
      const index = bundle["index.html"];
      if (index?.type !== "asset") throw new Error("the build has no index.html");
      const built = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      const files = ["/", ...built.map((name) => `/${name}`), ...publicFiles(folder)].sort();
      const hash = createHash("sha256").update(files.join("\n")).update(index.source).update(worker.code);
      const facts = { version: hash.digest("hex").slice(0, 16), files };
      worker.code = `const SHELL=${JSON.stringify(facts)};${worker.code}`;
    },
  };
}
