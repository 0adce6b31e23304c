import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RoomActivity, RoomListing, RoomSnapshot } from "../model";
import { emptyRooms, type RoomsEvent, type RoomsState, reduceRooms } from "./state";

const ME = "p_me";

/** The server's rows as one person may see them, each change with the next version, as the store promises. */
class Server {
  private version = 0;
  private rooms = new Map<string, { listing: RoomListing; member: boolean }>();
  readonly events: RoomsEvent[] = [];

  join(id: string) {
    const known = this.rooms.get(id);
    if (known?.member) return;
    const room = known?.listing.room ?? this.makeRoom(id);
    const membership = {
      room: id,
      person: ME,
      role: "member" as const,
      joined_ms: this.version,
      read_serial: null,
      version: ++this.version,
    };
    this.write(id, {
      room: { ...room, version: ++this.version },
      membership,
      unread: { unread: 0, mentions: 0 },
      others: [],
    });
  }
  leave(id: string) {
    const known = this.rooms.get(id);
    if (!known?.member) return;
    known.member = false;
    this.events.push({ name: "room.removed", data: { room: id, version: ++this.version } });
  }
  rename(id: string, name: string) {
    const known = this.rooms.get(id);
    if (!known?.member) return;
    this.write(id, { ...known.listing, room: { ...known.listing.room, name, version: ++this.version } });
  }
  message(id: string) {
    const known = this.rooms.get(id);
    if (!known?.member) return;
    const { room, unread } = known.listing;
    const messages = room.messages + 1;
    const next = {
      ...room,
      messages,
      last_serial: `s${messages}`,
      last_ms: messages * 1000,
      version: ++this.version,
    };
    known.listing = {
      ...known.listing,
      room: next,
      unread: { unread: unread.unread + 1, mentions: unread.mentions },
    };
    this.active(known.listing);
  }
  read(id: string) {
    const known = this.rooms.get(id);
    if (!known?.member) return;
    const membership = { ...known.listing.membership, version: ++this.version };
    known.listing = { ...known.listing, membership, unread: { unread: 0, mentions: 0 } };
    this.active(known.listing);
    this.events.push({ name: "room.changed", data: { listing: known.listing } });
  }
  /** Somebody else comes or goes: the room's row changes, and only the number is told. */
  others(id: string) {
    const known = this.rooms.get(id);
    if (known === undefined) return;
    const room = { ...known.listing.room, members: known.listing.room.members + 1, version: ++this.version };
    known.listing = { ...known.listing, room };
    if (!known.member) return;
    const data = {
      room: id,
      person: "p_other",
      role: "member" as const,
      members: room.members,
      version: room.version,
    };
    this.events.push({ name: "member.changed", data });
  }
  snapshot(): RoomSnapshot {
    const items = [...this.rooms.values()].filter((r) => r.member).map((r) => r.listing);
    return { items, version: this.version };
  }
  private makeRoom(id: string) {
    const base = {
      id,
      kind: "public" as const,
      name: id,
      topic: "",
      created_by: ME,
      created_ms: 0,
      archived_ms: null,
    };
    return { ...base, members: 1, messages: 0, last_serial: null, last_ms: null, version: ++this.version };
  }
  private write(id: string, listing: RoomListing) {
    this.rooms.set(id, { listing, member: true });
    this.events.push({ name: "room.changed", data: { listing } });
  }
  private active({ room, unread }: RoomListing) {
    const data: RoomActivity = {
      room: room.id,
      messages: room.messages,
      last_serial: room.last_serial ?? null,
      last_ms: room.last_ms ?? null,
      ...unread,
      version: this.version,
    };
    this.events.push({ name: "room.activity", data });
  }
}

/** What a person sees: everything but the versions, which differ by which event brought a value. */
function seen(items: Iterable<RoomListing>): unknown {
  const visible = [...items].map(({ room, membership, unread }) => ({
    id: room.id,
    name: room.name,
    messages: room.messages,
    members: room.members,
    last: room.last_serial,
    role: membership.role,
    ...unread,
  }));
  return visible.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const step = fc.record({
  do: fc.constantFrom("join", "join", "leave", "rename", "message", "message", "others", "read", "snapshot"),
  room: fc.constantFrom("r_1", "r_2", "r_3"),
});

function play(steps: readonly { do: string; room: string }[]): {
  server: Server;
  stream: RoomsEvent[];
  from: number;
} {
  const server = new Server();
  const snapshots: RoomsEvent[] = [];
  let from = 0;
  steps.forEach((s, i) => {
    if (s.do === "join") server.join(s.room);
    if (s.do === "leave") server.leave(s.room);
    if (s.do === "rename") server.rename(s.room, `name ${i}`);
    if (s.do === "message") server.message(s.room);
    if (s.do === "read") server.read(s.room);
    if (s.do === "others") server.others(s.room);
    if (s.do === "snapshot") {
      snapshots.push({ name: "snapshot", data: server.snapshot() });
      from = server.events.length;
    }
  });
  return { server, stream: [...server.events, ...snapshots], from: snapshots.length === 0 ? 0 : from };
}

describe("room list", () => {
  it("ends in what a fresh snapshot says, whatever the order, with duplicates and late snapshots (SNAP-1)", () => {
    const cases = fc.array(step, { maxLength: 50, size: "max" }).chain((steps) => {
      const { server, stream } = play(steps);
      const noise = fc.subarray(stream);
      return fc.tuple(fc.constant(server), fc.shuffledSubarray(stream, { minLength: stream.length }), noise);
    });
    fc.assert(
      fc.property(cases, ([server, shuffled, noise]) => {
        const state = [...shuffled, ...noise].reduce(reduceRooms, emptyRooms);
        expect(seen(state.listings.values())).toEqual(seen(server.snapshot().items));
      }),
      { numRuns: 400 },
    );
  });

  it("needs nothing from before its newest snapshot", () => {
    const cases = fc.array(step, { maxLength: 50, size: "max" }).chain((steps) => {
      const { server, from } = play([
        ...steps.slice(0, 25),
        { do: "snapshot", room: "" },
        ...steps.slice(25),
      ]);
      const newest = { name: "snapshot" as const, data: play([...steps.slice(0, 25)]).server.snapshot() };
      const later = server.events.slice(play(steps.slice(0, 25)).server.events.length);
      const old = server.events.slice(0, from);
      const needed: RoomsEvent[] = [newest, ...later];
      return fc.tuple(
        fc.constant(server),
        fc.shuffledSubarray(needed, { minLength: needed.length }),
        fc.subarray(old),
      );
    });
    fc.assert(
      fc.property(cases, ([server, needed, late]) => {
        const state = [...needed, ...late].reduce(reduceRooms, emptyRooms);
        expect(seen(state.listings.values())).toEqual(seen(server.snapshot().items));
      }),
      { numRuns: 400 },
    );
  });

  it("keeps the rows of rooms that did not change", () => {
    const server = new Server();
    server.join("r_1");
    server.join("r_2");
    const first = reduceRooms(emptyRooms, { name: "snapshot", data: server.snapshot() });
    server.message("r_2");
    const second = reduceRooms(first, { name: "snapshot", data: server.snapshot() });
    expect(second.listings.get("r_1")).toBe(first.listings.get("r_1"));
    expect(second.listings.get("r_2")).not.toBe(first.listings.get("r_2"));
  });

  it("remembers only what it must", () => {
    const server = new Server();
    let state: RoomsState = emptyRooms;
    for (let i = 0; i < 600; i += 1) {
      server.join(`r_${i}`);
      server.leave(`r_${i}`);
    }
    for (const event of server.events) state = reduceRooms(state, event);
    expect(state.parts.size).toBeLessThanOrEqual(500);
    state = reduceRooms(state, { name: "snapshot", data: server.snapshot() });
    expect(state.parts.size).toBe(0);
  });
});
