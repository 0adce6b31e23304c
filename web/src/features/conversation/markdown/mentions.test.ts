import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findMentions, isForMe, splitMentions } from "./mentions";

interface Case {
  readonly text: string;
  readonly handles: readonly string[];
  readonly all?: boolean;
}

const cases = JSON.parse(readFileSync("../docs/reference/mentions.json", "utf8")) as readonly Case[];

describe("mentions", () => {
  it.each(cases)("are those that the server finds: $text", ({ text, handles, all = false }) => {
    expect(findMentions(text)).toEqual({ handles, all });
  });

  it("are cut out of the text, and nothing of it is lost", () => {
    const text = "hi @Ada., mail ada@example.org or @all";
    const pieces = splitMentions(text);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.flatMap((piece) => ("handle" in piece ? [piece.handle] : []))).toEqual(["ada", "all"]);
  });

  it("call whom they name, and not from inside of code", () => {
    expect(isForMe("ask @ada", "ada")).toBe(true);
    expect(isForMe("`@ada`", "ada")).toBe(false);
    expect(isForMe("@here", "ada")).toBe(true);
  });

  it("are found quickly in a hostile text", () => {
    expect(findMentions("@".repeat(60_000)).handles).toEqual([]);
    const quoted = "` `` ``` ".repeat(8_000);
    expect(findMentions(`${quoted}@ada`).handles).toEqual(["ada"]);
    const many = Array.from({ length: 1_000 }, (_, at) => `@user${at}`).join(" ");
    expect(findMentions(many).handles).toHaveLength(50);
  });
});
