import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { KEPT_ROOMS_MAX, type KeptList, nothingKept } from "@/sync/kept/kept";
import type { KeptRoom } from "@/sync/kept/room";
import type { RoomListing } from "@/sync/model";

const listing = (id: string): RoomListing => ({
  room: {
    id,
    kind: "private",
    name: id,
    topic: "",
    created_by: "p_me",
    created_ms: 0,
    members: 1,
    messages: 0,
    version: 1,
  },
  membership: { room: id, person: "p_me", role: "member", joined_ms: 0, version: 1 },
  unread: { unread: 0, mentions: 0 },
  others: [],
});
const list = (...rooms: string[]): KeptList => ({
  snapshot: { items: rooms.map(listing), version: 7 },
  people: [],
});
const room = (id: string, kept_ms = 0) => ({ room: id, kept_ms, messages: [] }) as unknown as KeptRoom;

/** The module as a page that has just been opened has it; what is stored is the browser's. */
async function opened() {
  vi.resetModules();
  return import("./kept-storage");
}

describe("copies on this device", () => {
  beforeEach(() => {
    vi.stubGlobal("indexedDB", new IDBFactory());
    vi.stubGlobal("IDBKeyRange", IDBKeyRange);
  });

  it("are there after the page has been opened anew", async () => {
    const { keptStorage } = await opened();
    await keptStorage.putList("p_me", list("r_1", "r_2"));
    await keptStorage.putRoom("p_me", room("r_1"));
    const kept = await (await opened()).keptStorage.open("p_me");
    expect(kept.list).toMatchObject(list("r_1", "r_2"));
    expect(kept.rooms.map((one) => one.room)).toEqual(["r_1"]);
  });

  it("are one person's: whoever comes next finds nothing, and leaves nothing of the other", async () => {
    const { keptStorage } = await opened();
    await keptStorage.putList("p_me", list("r_1"));
    await keptStorage.putRoom("p_me", room("r_1"));
    expect(await keptStorage.open("p_zoe")).toEqual({ list: undefined, rooms: [] });
    expect(await keptStorage.open("p_me")).toEqual({ list: undefined, rooms: [] });
  });

  it("of rooms go with the list that doesn't have them any more", async () => {
    const { keptStorage } = await opened();
    await keptStorage.putRoom("p_me", room("r_1"));
    await keptStorage.putRoom("p_me", room("r_2"));
    await keptStorage.putList("p_me", list("r_2", "r_3"));
    expect((await keptStorage.open("p_me")).rooms.map((one) => one.room)).toEqual(["r_2"]);
  });

  it("are those of the rooms that were kept last", async () => {
    const { keptStorage } = await opened();
    for (let at = 0; at <= KEPT_ROOMS_MAX; at += 1) {
      // In an order that is neither that of the ids nor that of the times.
      const age = (at * 7) % (KEPT_ROOMS_MAX + 1);
      await keptStorage.putRoom("p_me", room(`r_${at}`, 1_000 + age));
    }
    const { rooms } = await keptStorage.open("p_me");
    expect(rooms).toHaveLength(KEPT_ROOMS_MAX);
    expect(rooms.map((one) => one.kept_ms)).not.toContain(1_000);
  });

  it("are forgotten at once, of everybody", async () => {
    const { keptStorage, forgetKept } = await opened();
    await keptStorage.putList("p_me", list("r_1"));
    await keptStorage.putRoom("p_me", room("r_1"));
    await forgetKept();
    expect(await keptStorage.open("p_me")).toEqual({ list: undefined, rooms: [] });
  });

  it("aren't kept where the browser forbids it, and nobody fails for it", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const { keptStorage, forgetKept } = await opened();
    await keptStorage.putList("p_me", list("r_1"));
    await forgetKept();
    expect(await keptStorage.open("p_me")).toEqual(nothingKept);
  });
});
