import { describe, expect, it } from "vitest";
import type { Person, RoomListing } from "../model";
import { learn, noPeople } from "../people";
import { reduceRooms } from "../rooms/state";
import { KEPT_LISTINGS_MAX, keepList } from "./kept";
import { followLists, type Lists, noLists, restoreList } from "./list";

const listing = (
  id: string,
  version: number,
  over: { name?: string; others?: string[]; last_ms?: number } = {},
) =>
  ({
    room: {
      id,
      kind: over.others === undefined ? "private" : "direct",
      name: over.name ?? id,
      topic: "",
      created_by: "p_me",
      created_ms: 0,
      members: 2,
      messages: 0,
      last_ms: over.last_ms ?? null,
      version,
    },
    membership: { room: id, person: "p_me", role: "member", joined_ms: 0, version },
    unread: { unread: 0, mentions: 0 },
    others: over.others ?? [],
  }) satisfies RoomListing;
const person = (id: string): Person => ({ id, handle: id, name: id, version: 1 });
const snapshot = (version: number, ...items: RoomListing[]) => ({ items, version });
const names = ({ shown }: Lists) => [...shown.listings.values()].map(({ room }) => room.name);

describe("the list that is kept", () => {
  it("is shown at once, without being a statement about what isn't in it", () => {
    const lists = restoreList(noLists, snapshot(3, listing("a", 1), listing("b", 2)));
    expect(names(lists)).toEqual(["a", "b"]);
    expect(lists.shown.loaded).toBe(false);
  });
  it("is replaced by the server's, also by that of a server put back to an older state", () => {
    const kept = restoreList(noLists, snapshot(90, listing("a", 80, { name: "then" }), listing("gone", 70)));
    const fresh = followLists(kept, {
      name: "snapshot",
      data: snapshot(9, listing("a", 8, { name: "now" })),
    });
    expect(names(fresh)).toEqual(["now"]);
    expect(fresh.shown.loaded).toBe(true);
  });
  it("follows what happens before the server's list has come, and so does that one", () => {
    const kept = restoreList(noLists, snapshot(3, listing("a", 1)));
    const joined = followLists(kept, { name: "room.changed", data: { listing: listing("b", 5) } });
    expect(names(joined)).toEqual(["a", "b"]);
    const fresh = followLists(joined, { name: "snapshot", data: snapshot(4, listing("a", 1)) });
    expect(names(fresh).sort()).toEqual(["a", "b"]);
  });
  it("comes too late after the server's", () => {
    const fresh = followLists(noLists, { name: "snapshot", data: snapshot(4, listing("a", 1)) });
    expect(restoreList(fresh, snapshot(3, listing("old", 1)))).toBe(fresh);
  });
});

describe("what is worth keeping of the list", () => {
  const list = (...items: RoomListing[]) =>
    reduceRooms(noLists.followed, { name: "snapshot", data: snapshot(7, ...items) });
  it("is nothing before the server has given it, so that nothing kept is kept as new", () => {
    expect(keepList(restoreList(noLists, snapshot(3, listing("a", 1))).shown, noPeople)).toBeUndefined();
  });
  it("has the people whom rooms are called after", () => {
    const people = learn(noPeople, [person("p_ann"), person("p_bob")]);
    const kept = keepList(list(listing("a", 1, { others: ["p_ann"] })), people);
    expect(kept?.snapshot).toMatchObject({ version: 7, items: [{ room: { id: "a" } }] });
    expect(kept?.people.map(({ id }) => id)).toEqual(["p_ann", "p_bob"]);
  });
  it("is bounded to the rooms with the latest messages", () => {
    const many = Array.from({ length: KEPT_LISTINGS_MAX + 5 }, (_, i) =>
      listing(`r${i}`, i + 1, { last_ms: i }),
    );
    const kept = keepList(list(...many), noPeople);
    expect(kept?.snapshot.items).toHaveLength(KEPT_LISTINGS_MAX);
    expect(kept?.snapshot.items.some(({ room }) => room.id === "r4")).toBe(false);
  });
});
