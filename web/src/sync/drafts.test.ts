import { describe, expect, it } from "vitest";
import { DRAFTS_MAX, Drafts, type TextStorage } from "./drafts";

function memory(full = false): TextStorage & { map: Map<string, string> } {
  const map = new Map<string, string>();
  return {
    map,
    get: (key) => map.get(key) ?? null,
    set: (key, value) => {
      if (full) throw new Error("quota");
      map.set(key, value);
    },
    remove: (key) => void map.delete(key),
    keys: () => [...map.keys()],
  };
}

describe("drafts", () => {
  it("are there for the next page, each person has their own", () => {
    const storage = memory();
    new Drafts("p_a", storage, () => 1).set("r_1", "half a thou");
    expect(new Drafts("p_a", storage, () => 2).get("r_1")).toBe("half a thou");
    expect(new Drafts("p_b", storage, () => 2).get("r_1")).toBe("");
    expect([...new Drafts("p_a", storage, () => 2).rooms()]).toEqual(["r_1"]);
  });

  it("go when emptied, and survive a storage that is full or holds nonsense", () => {
    const storage = memory();
    const drafts = new Drafts("p_a", storage, () => 1);
    drafts.set("r_1", "x");
    drafts.set("r_1", "  \n");
    expect(storage.map.size).toBe(0);
    storage.map.set("loquat.draft.p_a.r_2", '{"text": 5');
    expect(drafts.get("r_2")).toBe("");
    const full = new Drafts("p_a", memory(true), () => 1);
    full.set("r_1", "kept in this tab");
    expect(full.get("r_1")).toBe("kept in this tab");
  });

  it("make room for new ones: the oldest goes", () => {
    const storage = memory();
    let now = 0;
    const drafts = new Drafts("p_a", storage, () => ++now);
    for (let i = 0; i <= DRAFTS_MAX; i += 1) drafts.set(`r_${i}`, "x");
    expect(storage.map.size).toBe(DRAFTS_MAX);
    expect(storage.map.has("loquat.draft.p_a.r_0")).toBe(false);
  });

  it("take over what another tab wrote", () => {
    const storage = memory();
    const here = new Drafts("p_a", storage, () => 1);
    here.set("r_1", "here");
    new Drafts("p_a", storage, () => 2).set("r_1", "there");
    expect(here.changedElsewhere("loquat.draft.p_a.r_1")).toBe("r_1");
    expect(here.get("r_1")).toBe("there");
    expect(here.changedElsewhere("something.else")).toBeUndefined();
  });
});
