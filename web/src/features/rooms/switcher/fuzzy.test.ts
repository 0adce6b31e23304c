import { describe, expect, it } from "vitest";
import type { Person, RoomListing } from "@/sync/model";
import { buildSections } from "@/sync/rooms/sections";
import { bestScore, fold, score } from "./fuzzy";
import { choices } from "./options";

const ranked = (texts: string[], query: string) =>
  texts
    .map((text) => ({ text, at: score(fold(text), fold(query)) }))
    .filter((one) => one.at !== undefined)
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
    .map((one) => one.text);

describe("fuzzy search", () => {
  it("prefers the whole, then beginnings, words, middles, and letters in their order", () => {
    expect(ranked(["undesigned", "design crit", "web design", "design", "dev signals"], "design")).toEqual([
      "design",
      "design crit",
      "web design",
      "undesigned",
      "dev signals",
    ]);
  });

  it("minds neither case nor accents", () => {
    expect(ranked(["Zoë Müller"], "zoe mul")).toEqual(["Zoë Müller"]);
    expect(ranked(["ÇA VA"], "ca")).toEqual(["ÇA VA"]);
  });

  it("takes no letters from all over the place", () => {
    expect(score("a long name of a room with everything", "arg")).toBeUndefined();
    expect(score("general", "gnl")).toBeDefined();
    expect(bestScore(["mara lindqvist", "mara"], "mara")).toBe(1_000);
  });
});

describe("the switcher", () => {
  const room = (
    id: string,
    name: string,
    over: { unread?: number; mentions?: number; last_ms?: number; direct?: string } = {},
  ): RoomListing => ({
    room: {
      id,
      kind: over.direct === undefined ? "public" : "direct",
      name,
      topic: "",
      created_by: "p",
      created_ms: 0,
      members: 1,
      messages: 0,
      last_ms: over.last_ms ?? 0,
      version: 1,
    },
    membership: { room: id, person: "p", role: "member", joined_ms: 0, version: 1 },
    unread: { unread: over.unread ?? 0, mentions: over.mentions ?? 0 },
    others: over.direct === undefined ? [] : [over.direct],
  });
  const person = (id: string, name: string): Person => ({ id, handle: name.toLowerCase(), name, version: 1 });
  const find = (
    items: RoomListing[],
    query: string,
    people: Person[] = [],
    recent: string[] = [],
    current = "",
  ) => {
    const listings = new Map(items.map((l) => [l.room.id, l]));
    const sections = buildSections({ listings, nameOf: (l) => l.room.name, locale: "en" });
    return choices({ sections, recent, people, query, current }).map((choice) => choice.key);
  };

  it("begins with what calls, then what was open last, then what happened last", () => {
    const items = [
      room("a", "a"),
      room("b", "b", { last_ms: 9 }),
      room("c", "c", { mentions: 1, unread: 1 }),
      room("d", "d"),
    ];
    expect(find(items, "", [], ["d"])).toEqual(["c", "d", "b", "a"]);
  });

  it("leaves out the room that is open", () => {
    expect(find([room("a", "a"), room("b", "b")], "", [], [], "a")).toEqual(["b"]);
  });

  it("finds people, too, but a conversation that exists rather than its person", () => {
    const items = [room("dm", "Ann", { direct: "p_ann" }), room("x", "announcements")];
    expect(find(items, "ann", [person("p_ann", "Ann"), person("p_anna", "Anna")])).toEqual([
      "dm",
      "p_anna",
      "x",
    ]);
  });

  it("prefers the room that was open last among equals", () => {
    const items = [room("a", "team one"), room("b", "team two")];
    expect(find(items, "team", [], ["b"])[0]).toBe("b");
  });
});
