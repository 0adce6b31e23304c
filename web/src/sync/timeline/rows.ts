/**
 * The timeline as rows of a list: days, messages grouped by author, what is still in the outbox, holes, and the line
 * above what is new. A row's key stays the same from the moment a message is written until long after it is stored,
 * so that nothing on the screen is made anew when an answer comes.
 */
import type { Message, PersonId, Serial } from "../model";
import type { OutboxEntry } from "../outbox/entry";
import { allMessages, type Timeline } from "./state";

export type Row =
  /** The room's very beginning. */
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "day"; readonly key: string; readonly ms: number }
  /** Messages may be missing in the middle; they end directly before `before`. */
  | { readonly kind: "gap"; readonly key: string; readonly before: Serial }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "message"; readonly key: string; readonly message: Message; readonly head: boolean }
  | { readonly kind: "waiting"; readonly key: string; readonly entry: OutboxEntry; readonly head: boolean };

export interface RowsInput {
  readonly timeline: Timeline;
  /** The outbox's entries of this room, in order. */
  readonly waiting: readonly OutboxEntry[];
  readonly me: PersonId;
  /** The read marker when the room was opened; undefined draws no line, null means that nothing was read yet. */
  readonly read_at_opening: Serial | null | undefined;
  /** Rises by one from day to day in the reader's time zone. */
  readonly dayOf: (ms: number) => number;
}

/** Messages of one author within this time stand under one name. */
export const GROUP_MS = 5 * 60_000;

export function buildRows(input: RowsInput): readonly Row[] {
  const messages = allMessages(input.timeline);
  const gaps = input.timeline.gaps;
  const line = newLineBefore(input, messages);
  const rows: Row[] = [];
  const first = messages[0];
  if (input.timeline.joined && (first === undefined || !gaps.has(first.serial)))
    rows.push({ kind: "start", key: "start" });
  let group: Group | undefined;
  for (const message of messages) {
    const day = input.dayOf(message.sent_ms);
    const gap = gaps.has(message.serial);
    // Whether a day begins with the oldest message known is not known. Older ones are the list's own business to
    // fetch: a row of its own for them would be what the reader's place is held by.
    const older = gap && message === first;
    if (gap && !older) rows.push({ kind: "gap", key: `gap-${message.serial}`, before: message.serial });
    // A clock that was set back must not draw the same day twice.
    const newDay = !older && (group === undefined || day > group.day);
    if (newDay) rows.push({ kind: "day", key: `day-${day}`, ms: message.sent_ms });
    const isNew = message.serial === line;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const edge = input.timeline.edges.has(message.serial);
    const head = newDay || isNew || edge || !continues(group, message.author, message.sent_ms);
    rows.push({ kind: "message", key: keyOf(message, input.me), message, head });
    group = { author: message.author, ms: message.sent_ms, day: Math.max(day, group?.day ?? day) };
  }
  return appendWaiting(rows, input, messages, group);
}

interface Group {
  readonly author: PersonId;
  readonly ms: number;
  readonly day: number;
}

function continues(group: Group | undefined, author: PersonId, ms: number): boolean {
  return group !== undefined && group.author === author && Math.abs(ms - group.ms) < GROUP_MS;
}

function keyOf(message: Message, me: PersonId): string {
  // Only one's own id is trusted: anybody can put any id on a message of theirs.
  return message.author === me && message.local_id !== undefined ? `own-${message.local_id}` : message.serial;
}

function appendWaiting(
  rows: Row[],
  input: RowsInput,
  messages: readonly Message[],
  last: Group | undefined,
): readonly Row[] {
  if (input.waiting.length === 0) return rows;
  const arrived = new Set<string>();
  for (const message of messages) {
    if (message.author === input.me && message.local_id !== undefined) arrived.add(message.local_id);
  }
  let group = last;
  for (const entry of input.waiting) {
    if (arrived.has(entry.id)) continue;
    // Written by this device's clock, which may be off: it follows the conversation in any case.
    const ms = Math.max(entry.written_ms, group?.ms ?? entry.written_ms);
    const day = input.dayOf(ms);
    const newDay = group === undefined || day > group.day;
    if (newDay) rows.push({ kind: "day", key: `day-${day}`, ms });
    rows.push({
      kind: "waiting",
      key: `own-${entry.id}`,
      entry,
      head: newDay || !continues(group, input.me, ms),
    });
    group = { author: input.me, ms, day };
  }
  return rows;
}

/** The first message of others behind the marker, unless what lies around the marker isn't known yet. */
function newLineBefore(input: RowsInput, messages: readonly Message[]): Serial | undefined {
  const marker = input.read_at_opening;
  if (marker === undefined) return undefined;
  const index = messages.findIndex((m) => (marker === null || m.serial > marker) && m.author !== input.me);
  const at = messages[index];
  if (at === undefined) return undefined;
  const nothing_before = index === 0 && !input.timeline.gaps.has(at.serial);
  const marker_seen = marker !== null && index > 0;
  return nothing_before || marker_seen ? at.serial : undefined;
}
