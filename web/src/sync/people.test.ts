import { describe, expect, it } from "vitest";
import type { Person } from "./model";
import { asked, isPerson, learn, missing, nameOf, noPeople, outdated, restored, unasked } from "./people";

describe("people", () => {
  const person = (version: number, name: string): Person => ({ id: "p", handle: "p", name, version });
  it("keep the newest name, however late the older one comes", () => {
    const people = learn(learn(noPeople, [person(2, "new")]), [person(1, "old")]);
    expect(people.known.get("p")?.name).toBe("new");
  });
  it("are told from the clients of applications, which go by their id", () => {
    const id = "p_abcdefgh234567xy";
    const people = learn(noPeople, [{ ...person(1, "Mara"), id }]);
    expect([id, "p_abcdefgh234567xz", "oven-bot", "p_"].map((one) => nameOf(people, one))).toEqual([
      "Mara",
      undefined,
      "oven-bot",
      "p_",
    ]);
    expect(isPerson("p_ABCDEFGH234567XY")).toBe(false);
  });
  it("are asked for once, and again after a failure", () => {
    const people = asked(noPeople, missing(noPeople, ["a", "b", "a"]));
    expect(missing(people, ["a", "b", "c"])).toEqual(["c"]);
    expect(missing(unasked(people, ["a"]), ["a", "b"])).toEqual(["a"]);
  });
  it("kept on the device are shown, asked for again, and give way to any answer", () => {
    const kept = restored(noPeople, [person(7, "then")]);
    expect(nameOf(kept, "p")).toBe("then");
    expect(missing(kept, ["p"])).toEqual(["p"]);
    // A server that was put back to an older state is right as well.
    const now = learn(asked(kept, ["p"]), [person(5, "now")]);
    expect(nameOf(now, "p")).toBe("now");
    expect(missing(now, ["p"])).toEqual([]);
    expect(nameOf(restored(now, [person(9, "then")]), "p")).toBe("now");
  });
  it("are asked for again after a time without news", () => {
    const known = learn(asked(noPeople, ["p"]), [person(1, "Mara")]);
    expect(missing(known, ["p"])).toEqual([]);
    expect(missing(outdated(known), ["p"])).toEqual(["p"]);
    expect(nameOf(outdated(known), "p")).toBe("Mara");
  });
});
