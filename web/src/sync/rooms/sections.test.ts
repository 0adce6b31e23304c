import { describe, expect, it } from "vitest";
import type { RoomListing } from "../model";
import { buildSections, nextUnread } from "./sections";

describe("sections", () => {
  const listing = (
    id: string,
    over: {
      kind?: "direct";
      name?: string;
      last_ms?: number;
      unread?: number;
      mentions?: number;
      archived_ms?: number;
    },
  ): RoomListing => ({
    room: {
      id,
      kind: over.kind ?? "public",
      name: over.name ?? id,
      topic: "",
      created_by: "p",
      created_ms: 0,
      archived_ms: over.archived_ms ?? null,
      members: 2,
      messages: 0,
      last_serial: null,
      last_ms: over.last_ms ?? null,
      version: 1,
    },
    membership: { room: id, person: "p", role: "member", joined_ms: 0, version: 1 },
    unread: { unread: over.unread ?? 0, mentions: over.mentions ?? 0 },
    others: [],
  });
  const build = (items: RoomListing[]) =>
    buildSections({
      listings: new Map(items.map((l) => [l.room.id, l])),
      nameOf: (l) => l.room.name,
      locale: "en",
    });

  it("sort rooms by name and direct conversations by what happened last", () => {
    const sections = build([
      listing("1", { name: "zebra" }),
      listing("2", { name: "Änderungen" }),
      listing("3", { name: "room 10" }),
      listing("4", { name: "room 9" }),
      listing("5", { kind: "direct", last_ms: 5 }),
      listing("6", { kind: "direct", last_ms: 6 }),
      listing("7", { name: "old", archived_ms: 1 }),
    ]);
    expect(sections.rooms.map((l) => l.room.name)).toEqual(["Änderungen", "room 9", "room 10", "zebra"]);
    expect(sections.direct.map((l) => l.room.id)).toEqual(["6", "5"]);
    expect(sections.archived.map((l) => l.room.name)).toEqual(["old"]);
  });

  it("count what calls: mentions, and everything in a direct conversation", () => {
    const sections = build([
      listing("1", { unread: 9, mentions: 2 }),
      listing("2", { kind: "direct", unread: 3 }),
      listing("3", { unread: 5, mentions: 5, archived_ms: 1 }),
    ]);
    expect([sections.mentions, sections.unread_rooms]).toEqual([5, 2]);
  });

  it("lead to the next unread room, the ones that call first, going round", () => {
    const sections = build([
      listing("a", { unread: 1 }),
      listing("b", {}),
      listing("c", { unread: 1 }),
      listing("d", { kind: "direct", unread: 1 }),
    ]);
    expect(nextUnread(sections, "b")?.room.id).toBe("d");
    const quiet = build([listing("a", { unread: 1 }), listing("b", {}), listing("c", {})]);
    expect(nextUnread(quiet, "b")?.room.id).toBe("a");
    expect(nextUnread(build([listing("a", {})]), undefined)).toBeUndefined();
  });
});

describe("sections of thousands of rooms", () => {
  it("are put in order again only when a name or a room is new, and then end the same", () => {
    const make = (n: number, name: string, unread = 0): RoomListing => ({
      room: {
        id: `r_${n}`,
        kind: "public",
        name,
        topic: "",
        created_by: "p",
        created_ms: 0,
        archived_ms: null,
        members: 1,
        messages: 0,
        last_serial: null,
        last_ms: null,
        version: 1,
      },
      membership: { room: `r_${n}`, person: "p", role: "member", joined_ms: 0, version: 1 },
      unread: { unread, mentions: 0 },
      others: [],
    });
    const items = Array.from({ length: 200 }, (_, i) => make(i, `room ${(i * 37) % 200}`));
    const listings = new Map(items.map((l) => [l.room.id, l]));
    const nameOf = (l: RoomListing) => l.room.name;
    const first = buildSections({ listings, nameOf, locale: "en" });
    for (const change of [
      make(5, listings.get("r_5")?.room.name ?? "", 3),
      make(5, "aaa"),
      make(900, "mmm"),
    ]) {
      const next = new Map(listings).set(change.room.id, change);
      const again = buildSections({ listings: next, nameOf, locale: "en", before: first });
      expect(again).toEqual(buildSections({ listings: next, nameOf, locale: "en" }));
    }
  });
});
