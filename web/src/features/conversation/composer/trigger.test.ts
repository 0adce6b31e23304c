import { describe, expect, it } from "vitest";
import { bytesOver } from "./size";
import { inCode, triggerAt } from "./trigger";

/** `|` stands for the caret. */
function at(text: string) {
  const caret = text.indexOf("|");
  return triggerAt(text.replace("|", ""), caret);
}

describe("completion", () => {
  it("begins with the sign and follows what is typed", () => {
    expect(at("@|")).toEqual({ kind: "mention", query: "", from: 0 });
    expect(at("hello @To|")).toEqual({ kind: "mention", query: "to", from: 6 });
    expect(at("(@ann|)")).toEqual({ kind: "mention", query: "ann", from: 1 });
    expect(at("so :tad|")).toEqual({ kind: "emoji", query: "tad", from: 3 });
  });

  it("leaves addresses, times and everything behind the caret alone", () => {
    for (const text of ["me@example|", "at 10:30|", "a:b|", ":t|", "@ann said |", "|@ann", "http://x|"]) {
      expect(at(text), text).toBeUndefined();
    }
  });

  it("does not disturb inside of a code block", () => {
    const text = "```js\nconst a = 1;\n";
    expect(inCode(text, text.length)).toBe(true);
    expect(inCode(`${text}\`\`\`\n`, text.length + 4)).toBe(false);
    expect(inCode("`x`", 3)).toBe(false);
  });
});

describe("the length of a message", () => {
  it("is counted as the server counts it, in bytes", () => {
    expect(bytesOver("aaa", 3)).toBe(0);
    expect(bytesOver("aaaa", 3)).toBe(1);
    expect(bytesOver("é", 1)).toBe(1);
    expect(bytesOver("👋", 4)).toBe(0);
    expect(bytesOver("👋👋", 7)).toBe(1);
  });
});
