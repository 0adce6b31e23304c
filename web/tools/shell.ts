import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import type { Plugin, Rolldown } from "vite";

const WORKER = "sw.js";
/** What runs first, before the app's own script has arrived. */
export const BOOT = "src/boot/main.ts";

/** The files of `public/`, as addresses. */
function publicFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(folder.length)}/${entry.name}`.replaceAll("\\", "/"));
}

/**
 * The page with what runs first in place of the app's script: it sets the theme and draws what can be drawn, so nothing
 * is painted before, and then runs the app's script, which the page fetches meanwhile; a page that the server has put
 * a room into only names it (`crates/api`, `web::opening`). The development server's page runs both.
 */
function withBoot(html: string, bundle: Rolldown.OutputBundle | undefined): string {
  const boot = (src: string) => `<script type="module" blocking="render" crossorigin src="/${src}"></script>`;
  if (bundle === undefined)
    return html.replace('<script type="module"', `${boot(BOOT)}<script type="module"`);
  const built = Object.values(bundle).find((file) => file.type === "chunk" && file.name === "boot");
  const app = /<script type="module" crossorigin src="([^"]+)"><\/script>/.exec(html);
  if (built?.type !== "chunk" || app === null) throw new Error("the page has no script");
  // Behind what runs first in the line for the network; and not as a module, which would be compiled before that runs.
  const fetched = (kind: string, href = "") =>
    `<link rel="preload" as="${kind}" fetchpriority="low" crossorigin href="${href}" data-app>`;
  const first = built.viteMetadata?.importedCss ?? new Set();
  return html
    .replace(app[0], `${boot(built.fileName)}\n    ${fetched("script", app[1])}`)
    .replace(/ *<link rel="modulepreload"[^>]*boot-[^>]*>\n/, "")
    .replace(/<link rel="stylesheet" crossorigin href="\/([^"]+)">/g, (link, file: string) =>
      first.has(file) ? link : fetched("style", `/${file}`),
    );
}

/**
 * Finishes the page's shell. Puts first what runs first, and tells the service worker which files make up this build. A build's version is the hash of its file names
 * and its page; the names carry the hashes of the contents.
 */
export function shell(): Plugin {
  let folder = "";
  return {
    name: "loquat-shell",
    enforce: "post",
    configResolved(config) {
      folder = config.publicDir;
    },
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle }) => withBoot(html, bundle),
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
