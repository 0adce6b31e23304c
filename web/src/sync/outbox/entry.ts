/**
 * A message that someone has sent and the server may not have yet.
 *
 * `pending` waits for its turn, `sending` is under way, `failed` needs the author: to try again or to give up. What
 * the server has stored leaves the outbox. `sending` that survives its tab is under way no more, but may have
 * arrived; the id makes trying again harmless for as long as the server remembers it.
 */
import type { PersonId, RoomId, Serial } from "../model.ts";

export interface OutboxEntry {
  /** The idempotency key, and the message's `headers["loquat-id"]`. */
  readonly id: string;
  readonly room: RoomId;
  readonly author: PersonId;
  readonly text: string;
  /** When it was written, by this device's clock. */
  readonly written_ms: number;
  /** The storage gives it on append; entries of a room are sent in this order. */
  readonly order: number;
  readonly state: "pending" | "sending" | "failed";
  /** How often it was tried since it was written or since the author said to try again. */
  readonly attempts: number;
  /** How many of these the server answered by saying that it couldn't; being offline is no strike. */
  readonly strikes: number;
  /** When the server could first have stored it; from then on its memory of the id runs out. */
  readonly first_attempt_ms?: number | undefined;
  /** The newest message of the room known before the first attempt: a stored copy can only be behind it. */
  readonly after_serial?: Serial | undefined;
  /** Not before this, after an attempt that may succeed later. */
  readonly not_before_ms?: number | undefined;
  /** Why it failed: a problem's text, or that nobody can tell whether it arrived. */
  readonly failure?: Failure | undefined;
}

export interface Failure {
  readonly kind: "refused" | "uncertain" | "tired";
  /** The server's sentence, where it gave one. */
  readonly detail?: string | undefined;
}

/** What the author wrote, before the storage has given it its place. */
export type NewEntry = Pick<OutboxEntry, "id" | "room" | "author" | "text" | "written_ms" | "after_serial">;

/** How long the server surely remembers an id (it promises 10 minutes), by which a second attempt is harmless. */
export const ID_REMEMBERED_MS = 9 * 60_000;
/** After this many strikes the author is asked. */
export const STRIKES_MAX = 10;
/** The most entries that may wait at once; beyond it the composer keeps the text instead. */
export const ENTRIES_MAX = 500;

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;
/** No entry waits longer than this, whatever a server asks for. */
export const WAIT_MAX_MS = 2 * BACKOFF_MAX_MS;

/**
 * How long to wait after the `attempts`-th failed attempt: doubled each time up to a minute, and then between half
 * and the whole of it by `random` (0 ≤ random < 1), so that many clients don't come back at the same moment.
 */
export function backoffMs(attempts: number, random: number): number {
  const whole = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.max(0, attempts - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
}

export function appended(entry: NewEntry, order: number): OutboxEntry {
  return { ...entry, order, state: "pending", attempts: 0, strikes: 0 };
}

export function attempting(entry: OutboxEntry, now_ms: number): OutboxEntry {
  return {
    ...entry,
    state: "sending",
    attempts: entry.attempts + 1,
    first_attempt_ms: entry.first_attempt_ms ?? now_ms,
    not_before_ms: undefined,
    failure: undefined,
  };
}

/** After an attempt that says nothing about whether a later one will do. */
export function postponed(entry: OutboxEntry, now_ms: number, wait_ms: number, strike: boolean): OutboxEntry {
  const strikes = entry.strikes + (strike ? 1 : 0);
  if (strikes >= STRIKES_MAX) return failed({ ...entry, strikes }, { kind: "tired" });
  return { ...entry, state: "pending", strikes, not_before_ms: now_ms + Math.min(wait_ms, WAIT_MAX_MS) };
}

export function failed(entry: OutboxEntry, failure: Failure): OutboxEntry {
  return { ...entry, state: "failed", failure, not_before_ms: undefined };
}

/**
 * The author says: try again. An attempt long ago still has to be looked for in history first, unless that was done
 * and told nothing: then this is the author's word that it may go out.
 */
export function retried(entry: OutboxEntry): OutboxEntry {
  if (entry.state !== "failed") return { ...entry, not_before_ms: undefined };
  const first_attempt_ms = entry.failure?.kind === "uncertain" ? undefined : entry.first_attempt_ms;
  return {
    ...entry,
    state: "pending",
    attempts: 0,
    strikes: 0,
    first_attempt_ms,
    failure: undefined,
    not_before_ms: undefined,
  };
}

/** An entry found `sending` by a tab that has just taken over: whoever was sending it is gone. */
export function takenOver(entry: OutboxEntry): OutboxEntry {
  return entry.state === "sending" ? { ...entry, state: "pending" } : entry;
}

/**
 * Whether the server may have forgotten the id although an attempt may have arrived: then history has to be asked
 * before another attempt. A clock that went backwards counts as long ago.
 */
export function mustLookFirst(entry: OutboxEntry, now_ms: number): boolean {
  if (entry.first_attempt_ms === undefined) return false;
  return now_ms < entry.first_attempt_ms || now_ms - entry.first_attempt_ms > ID_REMEMBERED_MS;
}
