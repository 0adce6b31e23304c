/**
 * What is known of one room's messages, and what isn't.
 *
 * Messages come as pages of history, as live events and as answers to what this app sent, in any order and more
 * than once. They are kept sorted by serial, each once. Where messages may be missing *before* one, that one's serial
 * is among the `gaps`; a gap before the first message is what "there are older ones" means. So one rule answers both
 * for scrolling back and for what was missed while away.
 */
import type { Message, Serial } from "../model.ts";

export interface Timeline {
  readonly messages: readonly Message[];
  /** Serials of messages before which others may be missing. */
  readonly gaps: ReadonlySet<Serial>;
  /**
   * Serials that ever had a gap before them. They keep their author's name above them when the gap is filled: a row
   * that the reader looks at must not change its height because of what is loaded above it.
   */
  readonly edges: ReadonlySet<Serial>;
  /**
   * Own messages that the server has stored but the live stream has not brought yet. They say nothing about what
   * lies before them, so they stay apart until the stream or a page has them too.
   */
  readonly afloat: readonly Message[];
  /** Counts the stretches of continuous live delivery; a page that was asked for in an earlier one can't join this one. */
  readonly run: number;
  /** Whether history up to the beginning of this run is known, so that what comes live follows on without a gap. */
  readonly joined: boolean;
  /** Whether anything came live since the run began; only its first message can have a gap before it. */
  readonly started: boolean;
  /** Whether the room was seen to have no message at all: then nothing can be missing before the first one. */
  readonly empty: boolean;
}

export type TimelineEvent =
  /** Live delivery began, or began again after continuity was lost. */
  | { readonly kind: "run_began" }
  /** The newest messages before this run's beginning, without holes. */
  | {
      readonly kind: "page_before_run";
      readonly run: number;
      readonly items: readonly Message[];
      readonly start_reached: boolean;
    }
  /** Messages without holes that end directly before `before`. */
  | {
      readonly kind: "page_before";
      readonly before: Serial;
      readonly items: readonly Message[];
      readonly start_reached: boolean;
    }
  | { readonly kind: "live"; readonly message: Message }
  /** The server's answer to a message of our own. */
  | { readonly kind: "confirmed"; readonly message: Message }
  /** Only the newest messages are worth their memory: the room is closed. */
  | { readonly kind: "trimmed"; readonly keep: number };

/** The most messages a timeline holds; beyond it the oldest tenth is let go and can be fetched again. */
export const MESSAGES_MAX = 20_000;

export const emptyTimeline: Timeline = {
  messages: [],
  gaps: new Set(),
  edges: new Set(),
  afloat: [],
  run: 0,
  joined: false,
  started: false,
  empty: false,
};

export function reduceTimeline(state: Timeline, event: TimelineEvent): Timeline {
  const next = reduce(state, event);
  const edges = union(next.edges, next.gaps);
  return edges === next.edges ? next : { ...next, edges };
}

function reduce(state: Timeline, event: TimelineEvent): Timeline {
  switch (event.kind) {
    case "run_began":
      return { ...state, run: state.run + 1, joined: false, started: false };
    case "page_before_run":
      return pageBeforeRun(state, event.run, event.items, event.start_reached);
    case "page_before":
      return close(insert(state, event.items, true), event.items, event.start_reached, event.before);
    case "live":
      return live(state, event.message);
    case "confirmed":
      return confirmed(state, event.message);
    case "trimmed":
      return trim({ ...state, afloat: [] }, event.keep);
  }
}

/** Whether messages older than the first one may exist. */
export function hasOlder(state: Timeline): boolean {
  const first = state.messages[0];
  return first !== undefined && state.gaps.has(first.serial);
}

/** The serial of the newest message known, own ones included. */
export function newestSerial(state: Timeline): Serial | undefined {
  const last = state.messages.at(-1)?.serial;
  const own = state.afloat.at(-1)?.serial;
  return last === undefined || (own !== undefined && own > last) ? own : last;
}

/** Known messages and own ones in one order. */
export function allMessages(state: Timeline): readonly Message[] {
  return state.afloat.length === 0 ? state.messages : merge(state.messages, state.afloat);
}

/** The index of the first message at or behind `serial`. */
export function lowerBound(messages: readonly Message[], serial: Serial): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = messages[middle];
    if (at !== undefined && at.serial < serial) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function hasMessage(messages: readonly Message[], serial: Serial): boolean {
  return messages[lowerBound(messages, serial)]?.serial === serial;
}

function live(state: Timeline, message: Message): Timeline {
  const next = insert(state, [message], !state.joined && !state.started);
  const bounded = next.messages.length > MESSAGES_MAX ? trim(next, MESSAGES_MAX - MESSAGES_MAX / 10) : next;
  return bounded.started ? bounded : { ...bounded, started: true };
}

function confirmed(state: Timeline, message: Message): Timeline {
  if (hasMessage(state.messages, message.serial) || hasMessage(state.afloat, message.serial)) return state;
  return { ...state, afloat: merge(state.afloat, [message]) };
}

function pageBeforeRun(state: Timeline, run: number, items: readonly Message[], start: boolean): Timeline {
  const known = insert(state, items, true);
  if (run !== state.run) return close(known, items, start);
  // Behind the page comes the run, which is continuous: nothing after the page's oldest message can be missing.
  const closed = close(known, items, start, known.messages.at(-1)?.serial);
  return { ...closed, joined: true, empty: start && known.messages.length === 0 };
}

/**
 * Takes away the gaps that a page without holes disproves: those inside of it, and up to `until` when what lies
 * behind the page is known to follow on. Nothing is missing before a page that begins at the room's first message.
 */
function close(state: Timeline, items: readonly Message[], start: boolean, until?: Serial): Timeline {
  const oldest = items.reduce<Serial | undefined>(
    (a, m) => (a === undefined || m.serial < a ? m.serial : a),
    undefined,
  );
  const newest = items.reduce<Serial | undefined>(
    (a, m) => (a === undefined || m.serial > a ? m.serial : a),
    until,
  );
  if (newest === undefined) return state;
  const gaps = new Set<Serial>();
  for (const gap of state.gaps) {
    const inside = start || (oldest !== undefined && gap > oldest);
    if (gap > newest || !inside) gaps.add(gap);
  }
  return gaps.size === state.gaps.size ? state : { ...state, gaps };
}

/**
 * Puts messages in their places. One that lands inside a gap splits it in two; `gap_at_end` says whether one that
 * lands behind everything known has a gap before it.
 */
function insert(state: Timeline, items: readonly Message[], gap_at_end: boolean): Timeline {
  const fresh = unique(items).filter((m) => !hasMessage(state.messages, m.serial));
  if (fresh.length === 0) return state;
  const gaps = new Set(state.gaps);
  for (const message of fresh) {
    const next = state.messages[lowerBound(state.messages, message.serial)];
    const first = state.messages.length === 0 && !state.empty;
    const gap = next === undefined ? gap_at_end || first : state.gaps.has(next.serial);
    if (gap) gaps.add(message.serial);
  }
  const messages = merge(state.messages, fresh);
  return { ...state, messages, gaps, afloat: without(state.afloat, fresh), empty: false };
}

function union(known: ReadonlySet<Serial>, more: ReadonlySet<Serial>): ReadonlySet<Serial> {
  return [...more].every((serial) => known.has(serial)) ? known : new Set([...known, ...more]);
}

function unique(items: readonly Message[]): Message[] {
  const sorted = [...items].sort(bySerial);
  return sorted.filter((m, i) => sorted[i - 1]?.serial !== m.serial);
}

function without(afloat: readonly Message[], known: readonly Message[]): readonly Message[] {
  const left = afloat.filter((m) => !known.some((k) => k.serial === m.serial));
  return left.length === afloat.length ? afloat : left;
}

/** Both are sorted; so is what comes out. */
function merge(a: readonly Message[], b: readonly Message[]): Message[] {
  const [a_first, a_last, b_first, b_last] = [a[0], a.at(-1), b[0], b.at(-1)];
  if (!a_first || !a_last || !b_first || !b_last || a_last.serial < b_first.serial) return [...a, ...b];
  if (b_last.serial < a_first.serial) return [...b, ...a];
  return [...a, ...b].sort(bySerial);
}

function trim(state: Timeline, keep: number): Timeline {
  if (state.messages.length <= keep) return state;
  const messages = keep === 0 ? [] : state.messages.slice(-keep);
  const first = messages[0];
  const gaps = new Set<Serial>();
  if (first !== undefined) {
    gaps.add(first.serial);
    for (const gap of state.gaps) if (gap > first.serial) gaps.add(gap);
  }
  return { ...state, messages, gaps, edges: gaps };
}

function bySerial(a: Message, b: Message): number {
  return a.serial < b.serial ? -1 : a.serial > b.serial ? 1 : 0;
}
