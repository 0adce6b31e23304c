import { describe, expect, it } from "vitest";
import type { RoomListing } from "@/sync/model";
import { buildSections } from "@/sync/rooms/sections";
import { buildListRows } from "./rows";

const room = (
  id: string,
  over: { unread?: number; archived?: boolean; direct?: boolean } = {},
): RoomListing => ({
  room: {
    id,
    kind: over.direct ? "direct" : "public",
    name: id,
    topic: "",
    created_by: "p",
    created_ms: 0,
    archived_ms: over.archived ? 1 : null,
    members: 1,
    messages: 0,
    version: 1,
  },
  membership: { room: id, person: "p", role: "member", joined_ms: 0, version: 1 },
  unread: { unread: over.unread ?? 0, mentions: 0 },
  others: [],
});

const all = [
  room("a"),
  room("b", { unread: 1 }),
  room("dm", { direct: true }),
  room("old", { archived: true }),
];
const sections = buildSections({
  listings: new Map(all.map((l) => [l.room.id, l])),
  nameOf: (l) => l.room.name,
  locale: "en",
});
const keys = (options: Partial<Parameters<typeof buildListRows>[1]>) =>
  buildListRows(sections, { unreadOnly: false, archivedShown: false, keep: "", ...options }).map(
    (row) => row.key,
  );

describe("the room list", () => {
  it("has a heading for each section, and archived rooms behind theirs", () => {
    expect(keys({})).toEqual(["section-rooms", "a", "b", "section-direct", "dm", "section-archived"]);
    expect(keys({ archivedShown: true }).at(-1)).toBe("old");
    expect(keys({ keep: "old" }).at(-1)).toBe("old");
  });

  it("shows only what is unread on demand, and the room that is open in any case", () => {
    expect(keys({ unreadOnly: true })).toEqual(["section-rooms", "b"]);
    expect(keys({ unreadOnly: true, keep: "a" })).toEqual(["section-rooms", "a", "b"]);
  });
});
