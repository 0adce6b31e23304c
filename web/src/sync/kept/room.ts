/** The newest messages of a room as this device keeps them, and how they give way to what the server says. */
import type { Message, RoomId, Serial } from "../model.ts";
import { emptyTimeline, reduceTimeline, type Timeline } from "../timeline/state.ts";

export interface KeptRoom {
  readonly room: RoomId;
  /** Without holes, oldest first. */
  readonly messages: readonly Message[];
  /** Whether nothing is missing before the first of them. */
  readonly start_reached: boolean;
  readonly kept_ms: number;
}

/** A page of the server, as far as it matters here. */
interface Page {
  readonly items: readonly Message[];
  readonly start_reached: boolean;
}

export const KEPT_MESSAGES_MAX = 50;
/** Texts may be long: so many UTF-16 units of them to a room. */
export const KEPT_TEXT_MAX = 128 * 1024;

/** The newest messages as far back as they follow on one another; undefined where there is nothing to keep. */
export function keepRoom(room: RoomId, timeline: Timeline, kept_ms: number): KeptRoom | undefined {
  const { messages, gaps } = timeline;
  let from = messages.length;
  let text = 0;
  while (from > 0 && messages.length - from < KEPT_MESSAGES_MAX) {
    const message = messages[from - 1];
    text += message?.text.length ?? 0;
    if (message === undefined || text > KEPT_TEXT_MAX) break;
    from -= 1;
    if (gaps.has(message.serial)) break;
  }
  const first = messages[from];
  if (first === undefined) return undefined;
  return {
    room,
    messages: messages.slice(from),
    start_reached: from === 0 && !gaps.has(first.serial),
    kept_ms,
  };
}

/** The timeline to begin with. */
export function restoredTimeline({ messages, start_reached }: KeptRoom): Timeline {
  return reduceTimeline(emptyTimeline, { kind: "page_before_run", run: -1, items: messages, start_reached });
}

/**
 * Lets go of restored messages, those up to `restored`, that the newest page of the server says are no more: it is
 * whole between its first message and its last, and behind that there was nothing else when these were kept.
 */
export function withoutGone(state: Timeline, page: Page, restored: Serial): Timeline {
  const there = new Set(page.items.map((m) => m.serial));
  const oldest = [...there].reduce<Serial | undefined>(
    (a, b) => (a === undefined || b < a ? b : a),
    undefined,
  );
  const covered = (serial: Serial) => page.start_reached || (oldest !== undefined && serial >= oldest);
  const messages: Message[] = [];
  const gaps = new Set<Serial>();
  let gap = false;
  for (const message of state.messages) {
    const { serial } = message;
    // Who goes leaves the gap before them to the next.
    gap ||= state.gaps.has(serial);
    if (serial <= restored && covered(serial) && !there.has(serial)) continue;
    messages.push(message);
    if (gap) gaps.add(serial);
    gap = false;
  }
  return messages.length === state.messages.length ? state : { ...state, messages, gaps };
}
