import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "./entry.ts";
import { type Fate, World } from "./world.ts";

const MINUTE_MS = 60_000;
const texts = (world: World) => world.log.map((m) => m.text);
const add = (world: World, id: string, room = "r_1", tab = world.tabs[0]) =>
  tab?.outbox.add({ id, room, text: id, written_ms: world.now_ms });

describe("outbox", () => {
  it("shows a message at once and sends it", async () => {
    const world = new World();
    const tab = world.open();
    await world.settle();
    void add(world, "a");
    expect(tab.outbox.entries.get().map((e) => [e.id, e.state])).toEqual([["a", "pending"]]);
    await world.settle();
    expect(texts(world)).toEqual(["a"]);
    expect(tab.outbox.entries.get()).toEqual([]);
    expect(tab.shown.map((s) => s.message.serial)).toEqual(["000001"]);
  });

  it("keeps what is written while offline, in order, and sends it on coming back", async () => {
    const world = new World();
    const tab = world.open();
    tab.outbox.setOnline(false);
    await world.settle();
    for (const id of ["a", "b", "c"]) void add(world, id);
    await world.advance(5 * MINUTE_MS);
    expect(texts(world)).toEqual([]);
    tab.outbox.setOnline(true);
    await world.settle();
    expect(texts(world)).toEqual(["a", "b", "c"]);
  });

  it("waits longer after each failure, and lets other rooms go on", async () => {
    const world = new World();
    world.open();
    world.fates = ["unreached"];
    await world.settle();
    void add(world, "a", "r_1");
    await world.settle();
    void add(world, "b", "r_2");
    await world.settle();
    expect(texts(world)).toEqual(["b"]);
    await world.advance(2_000);
    expect(texts(world)).toEqual(["b", "a"]);
    expect([1, 2, 3, 10].map((n) => backoffMs(n, 0))).toEqual([500, 1_000, 2_000, 30_000]);
    expect(backoffMs(10, 0.999)).toBeLessThanOrEqual(60_000);
  });

  it("waits no longer because the device's clock was set back", async () => {
    const world = new World();
    const before = world.open();
    world.fates = ["unreached"];
    await world.settle();
    void add(world, "a");
    await world.settle();
    expect(texts(world)).toEqual([]);
    before.crash();
    world.now_ms -= 24 * 60 * MINUTE_MS;
    world.open();
    await world.settle();
    expect(texts(world)).toEqual(["a"]);
  });

  it("leaves a refused message to its author and sends the next", async () => {
    const world = new World();
    const tab = world.open();
    world.fates = ["refused"];
    await world.settle();
    void add(world, "a");
    void add(world, "b");
    await world.settle();
    expect(texts(world)).toEqual(["b"]);
    expect(tab.outbox.entries.get()).toMatchObject([
      { id: "a", state: "failed", failure: { kind: "refused", detail: "no" } },
    ]);
    await tab.outbox.retry("a");
    await world.settle();
    expect(texts(world)).toEqual(["b", "a"]);
  });

  it("gives an entry up when its author says so, but not one that is under way", async () => {
    const world = new World();
    const tab = world.open();
    tab.outbox.setOnline(false);
    await world.settle();
    void add(world, "a");
    await world.settle();
    expect((await tab.outbox.discard("a"))?.text).toBe("a");
    tab.outbox.setOnline(true);
    await world.settle();
    expect(texts(world)).toEqual([]);
  });

  it("asks history before it sends again what may have arrived longer ago than the server remembers", async () => {
    const world = new World();
    const tab = world.open();
    world.fates = ["answer_lost"];
    await world.settle();
    void add(world, "a");
    await world.settle();
    expect(texts(world)).toEqual(["a"]);
    tab.outbox.setOnline(false);
    await world.advance(24 * 60 * MINUTE_MS);
    tab.outbox.setOnline(true);
    await world.settle();
    expect(texts(world)).toEqual(["a"]);
    expect(tab.outbox.entries.get()).toEqual([]);
  });

  it("waits for the next sign-in when the session ends", async () => {
    const world = new World();
    const tab = world.open();
    world.fates = ["session_ended"];
    await world.settle();
    void add(world, "a");
    await world.advance(MINUTE_MS);
    expect(tab.outbox.entries.get()).toMatchObject([{ id: "a", state: "pending" }]);
    world.session = true;
    tab.outbox.setPaused(false);
    await world.settle();
    expect(texts(world)).toEqual(["a"]);
  });

  it("drops an entry that the stream has brought, whatever became of the answer", async () => {
    const world = new World();
    const tab = world.open();
    world.fates = ["answer_lost"];
    await world.settle();
    void add(world, "a");
    await world.settle();
    await tab.outbox.seen("a");
    expect(tab.outbox.entries.get()).toEqual([]);
  });

  it("tells the other tabs what one of them had stored", async () => {
    const world = new World();
    const [first, second] = [world.open(), world.open()];
    await world.settle();
    void add(world, "a", "r_1", second);
    await world.settle();
    expect(texts(world)).toEqual(["a"]);
    for (const tab of [first, second]) expect(tab.shown.map((s) => s.message.text)).toEqual(["a"]);
  });

  const fate = fc.constantFrom<Fate>("fine", "fine", "unreached", "answer_lost", "busy");
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), tab: fc.nat(3), room: fc.nat(1) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("advance" as const),
        ms: fc.constantFrom(0, 500, 3_000, 90_000, 15 * MINUTE_MS),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("open" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), tab: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("offline" as const), on: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("fate" as const), fate }) },
  );

  it("loses nothing, doubles nothing and keeps each room in order, whatever tabs and network do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
        const world = new World();
        world.open();
        await world.settle();
        const written: { id: string; room: string }[] = [];
        for (const s of steps) {
          const alive = world.tabs.filter((t) => !t.dead);
          if (s.do === "add") {
            const entry = { id: `m${written.length}`, room: `r_${s.room}` };
            await add(world, entry.id, entry.room, alive[s.tab % alive.length]);
            written.push(entry);
          }
          if (s.do === "advance") await world.advance(s.ms);
          if (s.do === "open") world.open();
          if (s.do === "crash" && alive.length > 1) alive[s.tab % alive.length]?.crash();
          if (s.do === "offline") for (const tab of alive) tab.outbox.setOnline(s.on);
          if (s.do === "fate") world.fates.push(s.fate);
        }
        world.fates = [];
        for (const tab of world.tabs) if (!tab.dead) tab.outbox.setOnline(true);
        await world.advance(60 * MINUTE_MS);
        expect(world.rows.size).toBe(0);
        for (const room of ["r_0", "r_1"]) {
          const ids = written.filter((w) => w.room === room).map((w) => w.id);
          expect(world.log.filter((m) => ids.includes(m.text)).map((m) => m.text)).toEqual(ids);
        }
      }),
      { numRuns: 150 },
    );
  });
});
