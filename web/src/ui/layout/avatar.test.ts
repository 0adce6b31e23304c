import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contrast, parseHex } from "../style/colors";
import { avatarHue, HUES, initials } from "./avatar";

const css = readFileSync(join(import.meta.dirname, "Avatar.module.css"), "utf8");

describe("initials", () => {
  test.each([
    ["Ada Lovelace", "AL"],
    ["grace", "G"],
    ["  Jean-Luc  Picard ", "JP"],
    ["mary_jane.watson", "MW"],
    ["李小龍", "李"],
    ["نور الهدى", "نا"],
    ["👩‍🚀 Sam", "👩‍🚀S"],
    ["Zoë", "Z"],
    ["", "?"],
    ["***", "*"],
  ])("of %j are %j", (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

test("an id always has the same colour, and many ids use them all", () => {
  const hues = Array.from({ length: 500 }, (_, index) => avatarHue(`p_${index}`));
  expect(avatarHue("p_7")).toBe(hues[7]);
  expect(new Set(hues).size).toBe(HUES);
});

test("initials can be read on every colour in both themes", () => {
  const colors = [
    ...css.matchAll(
      /\.hue\d+ \{\s*background: light-dark\((\S+), (\S+)\);\s*color: light-dark\((\S+), (\S+)\)/g,
    ),
  ];
  expect(colors).toHaveLength(HUES);
  for (const [, lightGround = "", darkGround = "", lightInk = "", darkInk = ""] of colors) {
    expect(contrast(parseHex(lightInk), parseHex(lightGround))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(parseHex(darkInk), parseHex(darkGround))).toBeGreaterThanOrEqual(4.5);
  }
});
