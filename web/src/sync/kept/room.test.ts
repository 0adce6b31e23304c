import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../model";
import {
  emptyTimeline,
  hasOlder,
  reduceTimeline,
  type Timeline,
  type TimelineEvent,
} from "../timeline/state";
import { KEPT_MESSAGES_MAX, KEPT_TEXT_MAX, keepRoom, restoredTimeline, withoutGone } from "./room";

const message = (n: number, text = `message ${n}`): Message => ({
  serial: String(n).padStart(6, "0"),
  author: "p_ann",
  text,
  sent_ms: n,
});
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
const after = (...events: TimelineEvent[]): Timeline => events.reduce(reduceTimeline, emptyTimeline);
const joined = (items: Message[], start_reached: boolean) =>
  after({ kind: "run_began" }, { kind: "page_before_run", run: 1, items, start_reached });
const numbers = (timeline: Timeline) => timeline.messages.map((m) => Number(m.serial));
const keep = (timeline: Timeline) => keepRoom("r_1", timeline, 5);

/** The room opened from what is kept, and the server's newest page: what the app does. */
function reopened(kept: Message[], kept_start: boolean, items: Message[], start_reached: boolean): Timeline {
  const timeline = restoredTimeline({ room: "r_1", messages: kept, start_reached: kept_start, kept_ms: 5 });
  const begun = reduceTimeline(timeline, { kind: "run_began" });
  const last = kept.at(-1)?.serial ?? "";
  const agreed = withoutGone(begun, { items, start_reached }, last);
  return reduceTimeline(agreed, { kind: "page_before_run", run: 1, items, start_reached });
}

describe("a room that is kept", () => {
  it("has the newest messages, and says whether it begins with the room", () => {
    expect(keep(joined(span(1, 3), true))).toMatchObject({ start_reached: true, kept_ms: 5 });
    const long = keep(joined(span(1, 80), true));
    expect(long?.messages).toHaveLength(KEPT_MESSAGES_MAX);
    expect(long?.start_reached).toBe(false);
    expect(keep(emptyTimeline)).toBeUndefined();
  });
  it("goes back to the last hole and no further", () => {
    const timeline = reduceTimeline(joined(span(1, 10), true), { kind: "run_began" });
    const holed = reduceTimeline(timeline, {
      kind: "page_before_run",
      run: 2,
      items: span(20, 25),
      start_reached: false,
    });
    expect(keep(holed)?.messages.map((m) => Number(m.serial))).toEqual([20, 21, 22, 23, 24, 25]);
    expect(keep(holed)?.start_reached).toBe(false);
  });
  it("is bounded in text", () => {
    const long = [message(1, "x".repeat(KEPT_TEXT_MAX)), message(2, "short")];
    expect(keep(joined(long, true))?.messages.map((m) => m.text)).toEqual(["short"]);
  });
  it("opens as it was, with older messages to be fetched", () => {
    const timeline = restoredTimeline({
      room: "r_1",
      messages: span(5, 9),
      start_reached: false,
      kept_ms: 5,
    });
    expect(numbers(timeline)).toEqual([5, 6, 7, 8, 9]);
    expect(hasOlder(timeline)).toBe(true);
    expect(timeline.joined).toBe(false);
  });
});

describe("a kept room against the server's page", () => {
  it("goes on without a hole where they meet, and with one where they don't", () => {
    const met = reopened(span(1, 10), true, span(8, 14), false);
    expect([numbers(met).length, met.gaps.size, met.joined]).toEqual([14, 0, true]);
    expect([...reopened(span(1, 10), true, span(20, 25), false).gaps]).toEqual([message(20).serial]);
  });
  it("loses what the server no longer has", () => {
    expect(numbers(reopened(span(1, 10), true, span(6, 12), true))).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(numbers(reopened(span(1, 10), true, [], true))).toEqual([]);
    expect(numbers(reopened(span(1, 10), true, span(3, 8), false))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
  it("doesn't take its first message for the room's when that one is gone", () => {
    const timeline = reopened(span(5, 9), false, [message(4), ...span(6, 9)], false);
    expect(numbers(timeline)).toEqual([4, 6, 7, 8, 9]);
    expect(hasOlder(timeline)).toBe(true);
  });
  it("shows what the server has, and calls nothing whole that isn't", () => {
    const room = fc.uniqueArray(fc.nat(40), { maxLength: 30 }).map((ns) => ns.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        room,
        fc.nat(30),
        fc.nat(30),
        fc.nat(30),
        fc.func(fc.boolean()),
        (all, cut, page, seen, gone) => {
          const then = all.slice(0, seen);
          const now = all.filter((n) => !gone(n) || !then.includes(n));
          const kept = then.slice(-Math.max(1, cut));
          const items = now.slice(-Math.max(1, page));
          const start = items.length === now.length;
          const timeline = reopened(
            kept.map((n) => message(n)),
            kept.length === then.length,
            items.map((n) => message(n)),
            start,
          );
          const shown = numbers(timeline);
          const from = start ? -1 : Math.min(...items);
          expect(shown.filter((n) => n >= from)).toEqual(items);
          // What is missing has a hole to be fetched by, unless it was older than what the device had.
          for (const n of now.filter((one) => !shown.includes(one) && (shown[0] ?? 0) > one))
            expect([n, hasOlder(timeline)]).toEqual([n, true]);
        },
      ),
    );
  });
});
