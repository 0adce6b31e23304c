import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../model.ts";
import {
  allMessages,
  emptyTimeline,
  hasOlder,
  reduceTimeline,
  type Timeline,
  type TimelineEvent,
} from "./state.ts";

const message = (n: number): Message => ({
  serial: String(n).padStart(6, "0"),
  author: "p_aaaaaaaaaaaaaaaa",
  text: `message ${n}`,
  sent_ms: n * 1000,
});

/** A server's truth and one client's link to it: lossy, and answering pages late and in any order. */
class World {
  truth: Message[] = [];
  state: Timeline = emptyTimeline;
  private next = 1;
  private live = false;
  private wire: Message[] = [];
  readonly answers: TimelineEvent[] = [];

  apply(event: TimelineEvent) {
    this.state = reduceTimeline(this.state, event);
  }
  store(own: boolean) {
    const stored = message(this.next++);
    this.truth.push(stored);
    if (this.live) this.wire.push(stored);
    if (own) this.answers.push({ kind: "confirmed", message: stored });
  }
  lose() {
    this.live = false;
    this.wire = [];
  }
  attach(page: number) {
    this.lose();
    this.live = true;
    this.apply({ kind: "run_began" });
    const items = this.truth.slice(-page);
    this.answers.push({
      kind: "page_before_run",
      run: this.state.run,
      items,
      start_reached: items.length === this.truth.length,
    });
  }
  askBefore(index: number, page: number) {
    const gaps = [...this.state.gaps];
    const before = gaps[index % Math.max(1, gaps.length)];
    if (before === undefined) return;
    const older = this.truth.filter((m) => m.serial < before);
    const items = older.slice(-page);
    this.answers.push({ kind: "page_before", before, items, start_reached: items.length === older.length });
  }
  deliver(count: number) {
    for (const arrived of this.wire.splice(0, count)) this.apply({ kind: "live", message: arrived });
  }
  answer(index: number, keep: boolean) {
    const at = index % Math.max(1, this.answers.length);
    const event = this.answers[at];
    if (event === undefined) return;
    if (!keep) this.answers.splice(at, 1);
    this.apply(event);
  }
  check() {
    const known = this.state.messages.map((m) => m.serial);
    expect(known).toEqual([...new Set(known)].sort());
    known.forEach((serial, i) => {
      if (this.state.gaps.has(serial)) return;
      const previous = known[i - 1] ?? "";
      const missing = this.truth.filter((m) => m.serial > previous && m.serial < serial);
      expect(missing, `claimed to follow directly: ${previous} and ${serial}`).toEqual([]);
    });
    for (const gap of this.state.gaps) expect(known).toContain(gap);
  }
  /** Reconnects and fetches until nothing is said to be missing. */
  settle() {
    this.attach(3);
    while (this.answers.length > 0) this.answer(0, false);
    for (let round = 0; this.state.gaps.size > 0 && round < 500; round += 1) {
      this.askBefore(0, 3);
      this.answer(0, false);
    }
    this.deliver(1000);
  }
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("store" as const), own: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("deliver" as const), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("attach" as const), page: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      at: fc.nat(9),
      page: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("answer" as const), at: fc.nat(9), keep: fc.boolean() }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const script = fc.array(step, { maxLength: 80, size: "max" });

function play(steps: readonly Step[], each: (w: World) => void): World {
  const world = new World();
  for (const s of steps) {
    if (s.do === "store") world.store(s.own);
    if (s.do === "deliver") world.deliver(s.count);
    if (s.do === "lose") world.lose();
    if (s.do === "attach") world.attach(s.page);
    if (s.do === "ask") world.askBefore(s.at, s.page);
    if (s.do === "answer") world.answer(s.at, s.keep);
    each(world);
  }
  return world;
}

describe("timeline", () => {
  it("never claims that two messages follow on each other when one between them is missing", () => {
    fc.assert(
      fc.property(script, (steps) => void play(steps, (w) => w.check())),
      { numRuns: 200 },
    );
  });

  it("has everything, once and in order, as soon as its gaps are filled", () => {
    fc.assert(
      fc.property(script, (steps) => {
        const world = play(steps, () => undefined);
        world.settle();
        world.check();
        expect(world.state.messages).toEqual(world.truth);
        expect(world.state.gaps.size).toBe(0);
        expect(world.state.afloat).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("shows an own message as soon as the server has it, and once", () => {
    let state = reduceTimeline(emptyTimeline, { kind: "run_began" });
    state = reduceTimeline(state, {
      kind: "page_before_run",
      run: 1,
      items: [message(1)],
      start_reached: true,
    });
    state = reduceTimeline(state, { kind: "confirmed", message: message(3) });
    expect(allMessages(state).map((m) => m.text)).toEqual(["message 1", "message 3"]);
    state = reduceTimeline(state, { kind: "live", message: message(2) });
    state = reduceTimeline(state, { kind: "live", message: message(3) });
    state = reduceTimeline(state, { kind: "confirmed", message: message(3) });
    expect(allMessages(state).map((m) => m.text)).toEqual(["message 1", "message 2", "message 3"]);
  });

  it("keeps the newest when trimmed, and knows that there are older ones", () => {
    const items = Array.from({ length: 10 }, (_, i) => message(i));
    let state = reduceTimeline(emptyTimeline, { kind: "run_began" });
    state = reduceTimeline(state, { kind: "page_before_run", run: 1, items, start_reached: true });
    expect(hasOlder(state)).toBe(false);
    state = reduceTimeline(state, { kind: "trimmed", keep: 4 });
    expect(state.messages.map((m) => m.text)).toEqual(["message 6", "message 7", "message 8", "message 9"]);
    expect(hasOlder(state)).toBe(true);
  });

  it("knows that nothing is missing before the first message of an empty room", () => {
    let state = reduceTimeline(emptyTimeline, { kind: "run_began" });
    state = reduceTimeline(state, { kind: "page_before_run", run: 1, items: [], start_reached: true });
    state = reduceTimeline(state, { kind: "live", message: message(1) });
    expect(hasOlder(state)).toBe(false);
    state = reduceTimeline(state, { kind: "run_began" });
    state = reduceTimeline(state, { kind: "live", message: message(3) });
    expect([...state.gaps]).toEqual([message(3).serial]);
  });

  it("remembers where pages met, and nothing else", () => {
    let state = reduceTimeline(emptyTimeline, { kind: "run_began" });
    const items = [message(4), message(5), message(6)];
    state = reduceTimeline(state, { kind: "page_before_run", run: 1, items, start_reached: false });
    const older = [message(1), message(2), message(3)];
    state = reduceTimeline(state, {
      kind: "page_before",
      before: message(4).serial,
      items: older,
      start_reached: true,
    });
    expect([...state.edges]).toEqual([message(4).serial]);
  });
});
