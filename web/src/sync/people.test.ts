import { describe, expect, it } from "vitest";
import type { Person } from "./model";
import { asked, isPerson, learn, missing, nameOf, noPeople, unasked } from "./people";

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
});
