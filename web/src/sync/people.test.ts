import { describe, expect, it } from "vitest";
import type { Person } from "./model";
import { asked, learn, missing, noPeople, unasked } from "./people";

describe("people", () => {
  const person = (version: number, name: string): Person => ({ id: "p", handle: "p", name, version });
  it("keep the newest name, however late the older one comes", () => {
    const people = learn(learn(noPeople, [person(2, "new")]), [person(1, "old")]);
    expect(people.known.get("p")?.name).toBe("new");
  });
  it("are asked for once, and again after a failure", () => {
    const people = asked(noPeople, missing(noPeople, ["a", "b", "a"]));
    expect(missing(people, ["a", "b", "c"])).toEqual(["c"]);
    expect(missing(unasked(people, ["a"]), ["a", "b"])).toEqual(["a"]);
  });
});
