import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Where the site says what others have given to it. */
const FILE = "licences.txt";
/** A package's folder, the innermost one of a module's path. */
const PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const TEXTS = /^(licen[cs]e|copying|notice)([-.].*)?$/i;
const RULE = "-".repeat(80);

interface Facts {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The folders of the packages of which something is in the bundle. */
export function packagesOf(modules: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const id of modules) {
    const folder = PACKAGE.exec(id.replaceAll("\\", "/").replace(/^\0/, ""))?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders];
}

/** What a package says of itself, with the texts that must go along. */
function notice(folder: string): string {
  const facts = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Facts;
  if (facts.license === undefined) throw new Error(`${facts.name} names no licence`);
  const texts = readdirSync(folder)
    .filter((name) => TEXTS.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
  return [`${facts.name} ${facts.version} (${facts.license})`, ...texts].join("\n\n");
}

/** The notices of these packages, in the order of their names, each once. */
export function notices(folders: readonly string[]): string {
  const all = [...new Set(folders.map(notice))].sort((a, b) => (a < b ? -1 : 1));
  return `${["The web app contains these packages.", ...all].join(`\n\n${RULE}\n\n`)}\n`;
}

/** Puts the licences of what is in the bundle beside it. The same packages give the same file. */
export function licences(): Plugin {
  return {
    name: "loquat-licences",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? [file] : []));
      const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
      this.emitFile({ type: "asset", fileName: FILE, source: notices(packagesOf(modules)) });
    },
  };
}
