import { describe, expect, it } from "vitest";
import { hasSpoken, nobodyTypes, nowTyping, typingLine } from "./typing";

describe("typing", () => {
  it("names a few, in the order in which they began, and oneself never", () => {
    let typing = nowTyping(nobodyTypes, new Set(["b", "me"]));
    typing = nowTyping(typing, new Set(["a", "b", "me"]));
    expect(typingLine(typing, "me")).toEqual({ kind: "named", people: ["b", "a"] });
    expect(typingLine(nowTyping(typing, new Set(["a", "b", "c", "d"])), "me").kind).toBe("several");
    expect(typingLine(hasSpoken(hasSpoken(typing, "a"), "b"), "me").kind).toBe("nobody");
    expect(nowTyping(typing, new Set(["b", "me", "a"]))).toBe(typing);
  });
});
