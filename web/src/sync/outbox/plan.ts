/** Which entries are to be sent now, and when to look again. Order within a room is kept; rooms don't wait for each other. */
import type { RoomId } from "../model.ts";
import { type OutboxEntry, WAIT_MAX_MS } from "./entry.ts";

export interface Plan {
  readonly send: readonly OutboxEntry[];
  /** The earliest moment at which an entry that has to wait may go; undefined when none waits for time. */
  readonly look_again_ms?: number | undefined;
}

/** How many attempts run at once, over all rooms. */
export const IN_FLIGHT_MAX = 4;

/**
 * The first entry of each room that hasn't failed goes, unless it is under way or has to wait. What failed for good
 * holds nothing up: its author decides about it while the conversation goes on.
 */
export function plan(entries: readonly OutboxEntry[], now_ms: number): Plan {
  const first = new Map<RoomId, OutboxEntry>();
  let in_flight = 0;
  for (const entry of [...entries].sort((a, b) => a.order - b.order)) {
    if (entry.state === "sending") in_flight += 1;
    if (entry.state !== "failed" && !first.has(entry.room)) first.set(entry.room, entry);
  }
  const ready: OutboxEntry[] = [];
  let look_again_ms: number | undefined;
  for (const entry of first.values()) {
    if (entry.state === "sending") continue;
    const at = entry.not_before_ms ?? 0;
    // One that would wait longer than any ever does was put off by a clock that has been set back since.
    if (at <= now_ms || at > now_ms + WAIT_MAX_MS) ready.push(entry);
    else look_again_ms = Math.min(look_again_ms ?? at, at);
  }
  return { send: ready.slice(0, Math.max(0, IN_FLIGHT_MAX - in_flight)), look_again_ms };
}
