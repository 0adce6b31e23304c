import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "@/sync/model";
import { hasOlder } from "@/sync/timeline/state";
import type { OpenRoom, Page, Realtime, RoomListener } from "../port";
import { OpenRooms } from "./open-rooms";

const message = (n: number, author = "p_ann"): Message => ({
  serial: String(n).padStart(6, "0"),
  author,
  text: `message ${n}`,
  sent_ms: n,
});

/** A client whose answers the test gives. */
class Client implements Realtime {
  readonly opened = new Map<string, { listener: RoomListener; closed: boolean }>();
  stored: Message[] = [];
  failing = false;
  asked = 0;

  open(room: string, listener: RoomListener): OpenRoom {
    const entry = { listener, closed: false };
    this.opened.set(room, entry);
    return {
      newest: (limit) => this.history(room, undefined, limit),
      setPresent: () => undefined,
      typed: () => undefined,
      stoppedTyping: () => undefined,
      react: (name) => listener.reacted("p_me", name),
      close: () => {
        entry.closed = true;
      },
    };
  }
  history(_room: string, before: string | undefined, limit: number): Promise<Page> {
    this.asked += 1;
    if (this.failing) return Promise.reject(new Error("away"));
    const older = this.stored.filter((m) => before === undefined || m.serial < before);
    const items = older.slice(-limit);
    return Promise.resolve({ items, start_reached: items.length === older.length });
  }
  retryNow() {}
  close() {}
}

describe("rooms that are followed", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(0);

  function setUp(count = 120) {
    const client = new Client();
    client.stored = Array.from({ length: count }, (_, i) => message(i + 1));
    const arrived: Message[] = [];
    const rooms = new OpenRooms(Promise.resolve(client), (messages) => arrived.push(...messages));
    return { client, rooms, arrived };
  }

  it("show messages before the connection is up, and go on live without a hole", async () => {
    const { client, rooms } = setUp();
    const room = rooms.open("r_1");
    await settle();
    expect(room.timeline.get().messages).toHaveLength(50);
    expect(room.timeline.get().joined).toBe(false);
    client.opened.get("r_1")?.listener.runBegan();
    await settle();
    client.opened.get("r_1")?.listener.live(message(121));
    const state = room.timeline.get();
    expect(state.messages.at(-1)?.text).toBe("message 121");
    expect([...state.gaps]).toEqual([message(71).serial]);
  });

  it("fill the hole that a lost connection left", async () => {
    const { client, rooms } = setUp(10);
    const room = rooms.open("r_1");
    await settle();
    const listener = client.opened.get("r_1")?.listener;
    listener?.runBegan();
    await settle();
    client.stored = Array.from({ length: 100 }, (_, i) => message(i + 1));
    listener?.runBegan();
    await settle();
    const gap = message(51).serial;
    expect([...room.timeline.get().gaps]).toEqual([gap]);
    await room.fetchBefore(gap);
    expect(room.timeline.get().messages).toHaveLength(100);
    expect(hasOlder(room.timeline.get())).toBe(false);
  });

  it("try again by themselves, and say meanwhile that it failed", async () => {
    const { client, rooms } = setUp(10);
    client.failing = true;
    const room = rooms.open("r_1");
    await settle();
    client.opened.get("r_1")?.listener.runBegan();
    await settle();
    expect(room.fetching.get().newest).toBe("failed");
    client.failing = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(room.fetching.get().newest).toBe("idle");
    expect(room.timeline.get().messages).toHaveLength(10);
  });

  it("ask once for the same older messages, and say when these can't be had", async () => {
    const { client, rooms } = setUp();
    const room = rooms.open("r_1");
    await settle();
    const before = message(71).serial;
    const asked = client.asked;
    await Promise.all([room.fetchBefore(before), room.fetchBefore(before)]);
    expect(client.asked).toBe(asked + 1);
    client.failing = true;
    await room.fetchBefore(message(21).serial);
    expect(room.fetching.get().failed_before.has(message(21).serial)).toBe(true);
  });

  it("stay open while they are few; what was seen last opens at once", async () => {
    const { client, rooms } = setUp(10);
    for (let i = 0; i < 8; i += 1) rooms.open(`r_${i}`);
    await settle();
    const open = [...client.opened].filter(([, entry]) => !entry.closed).map(([id]) => id);
    expect(open).toEqual(["r_3", "r_4", "r_5", "r_6", "r_7"]);
    client.failing = true;
    expect(rooms.open("r_3").timeline.get().messages).toHaveLength(10);
  });

  it("begin with what the device has kept, and let go of what the server has no more", async () => {
    const { client, rooms } = setUp(5);
    const kept = [1, 2, 3].map((n) => message(n));
    rooms.restore([{ room: "r_1", messages: kept, start_reached: true, kept_ms: 0 }]);
    const room = rooms.open("r_1");
    expect(room.timeline.get().messages).toEqual(kept);
    client.stored = client.stored.filter((m) => m.text !== "message 2");
    await settle();
    client.opened.get("r_1")?.listener.runBegan();
    await settle();
    expect(room.timeline.get().messages.map((m) => m.text)).toEqual([1, 3, 4, 5].map((n) => `message ${n}`));
  });

  it("show nothing kept where the server was faster", async () => {
    const { rooms } = setUp(5);
    const room = rooms.open("r_1");
    await settle();
    rooms.restore([{ room: "r_1", messages: [message(9)], start_reached: true, kept_ms: 0 }]);
    expect(room.timeline.get().messages).toHaveLength(5);
  });

  it("keep nothing of a room that one has been removed from", async () => {
    const { client, rooms } = setUp(10);
    rooms.open("r_1");
    await settle();
    rooms.forget("r_1");
    expect(client.opened.get("r_1")?.closed).toBe(true);
    client.failing = true;
    expect(rooms.open("r_1").timeline.get().messages).toEqual([]);
  });

  it("tell of what the server is seen to have, and of who has stopped typing by speaking", async () => {
    const { client, rooms, arrived } = setUp(1);
    const room = rooms.open("r_1");
    await settle();
    const listener = client.opened.get("r_1")?.listener;
    listener?.runBegan();
    listener?.typing(new Set(["p_ann", "p_bob"]));
    listener?.live(message(2));
    expect(room.typingPeople.get()).toEqual(["p_bob"]);
    expect(arrived.map((m) => m.text)).toContain("message 2");
  });

  it("show a reaction for a moment, and keep none when they are closed", async () => {
    const { client, rooms } = setUp();
    const room = rooms.open("r_1");
    await settle();
    client.opened.get("r_1")?.listener.reacted("bot", "🎉");
    await vi.advanceTimersByTimeAsync(1_000);
    room.react("👍");
    expect(room.reactions.get().map(({ author, name }) => `${author} ${name}`)).toEqual([
      "bot 🎉",
      "p_me 👍",
    ]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(room.reactions.get().map(({ name }) => name)).toEqual(["👍"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(room.reactions.get()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
