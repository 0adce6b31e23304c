import { describe, expect, it } from "vitest";
import { faded, noReactions, REACTION_MS, reacted } from "./reactions";

describe("reactions in a room", () => {
  it("are shown for a while, each for its own", () => {
    const one = reacted(noReactions, "p_a", " 🎉 ", 0);
    const two = reacted(one, "bot", "like", 1_000);
    expect(two.map(({ author, name }) => `${author} ${name}`)).toEqual(["p_a 🎉", "bot like"]);
    expect(faded(two, REACTION_MS - 1)).toBe(two);
    expect(faded(two, REACTION_MS).map(({ name }) => name)).toEqual(["like"]);
    expect(faded(two, 2 * REACTION_MS)).toBe(noReactions);
  });

  it("are few, whatever comes, and tell themselves apart", () => {
    let shown = noReactions;
    for (let n = 0; n < 100; n += 1) shown = reacted(shown, "bot", "👏", n);
    expect(shown.length).toBeLessThan(10);
    expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
    expect(shown.at(-1)?.until_ms).toBe(99 + REACTION_MS);
  });

  it("without a name, or with a speech for one, are none", () => {
    expect(reacted(noReactions, "bot", "  ", 0)).toBe(noReactions);
    expect(reacted(noReactions, "bot", "x".repeat(33), 0)).toBe(noReactions);
  });
});
