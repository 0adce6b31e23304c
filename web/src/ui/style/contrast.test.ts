import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contrast, parseHex } from "./colors";

const tokens = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

const TEXT = 4.5;
const SHAPE = 3;

const grounds = ["ground", "ground-sunk", "ground-raised"];
/** Ink, the grounds it is written on, and the least contrast. */
const pairs: [string, string[], number][] = [
  ["ink", [...grounds, "leaf-soft", "apricot-soft", "berry-soft"], TEXT],
  ["ink-soft", [...grounds, "leaf-soft", "apricot-soft", "berry-soft"], TEXT],
  ["ink-faint", grounds, TEXT],
  ["leaf-ink", [...grounds, "leaf-soft"], TEXT],
  ["apricot-ink", [...grounds, "apricot-soft"], TEXT],
  ["berry-ink", [...grounds, "berry-soft"], TEXT],
  ["on-leaf", ["leaf", "leaf-strong"], TEXT],
  ["on-apricot", ["apricot"], TEXT],
  ["on-berry", ["berry", "berry-strong"], TEXT],
  ["line-strong", grounds, SHAPE],
  ["leaf", grounds, SHAPE],
];

const themes = ["light", "dark"] as const;

function color(name: string, theme: (typeof themes)[number]) {
  const found = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens);
  const hex = found?.[theme === "light" ? 1 : 2];
  if (hex === undefined) throw new Error(`no colour --${name}`);
  return parseHex(hex);
}

describe.each(themes)("the %s theme", (theme) => {
  test.each(pairs)("%s can be read on its grounds", (ink, on, least) => {
    for (const ground of on) {
      const found = contrast(color(ink, theme), color(ground, theme));
      expect(found, `${ink} on ${ground}`).toBeGreaterThanOrEqual(least);
    }
  });
});
