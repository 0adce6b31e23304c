/**
 * When a room counts as read: its newest message is on the screen of somebody who looks. The marker goes to the
 * server at once the first time and then at most every {@link REPORT_MS}, the last one always.
 */
import type { RoomId, Serial } from "./model";

export interface Looking {
  readonly room: RoomId;
  /** The page is visible (not a tab in the background, not minimised). */
  readonly visible: boolean;
  /** The window has the keyboard: somebody sits there. */
  readonly focused: boolean;
  /** The end of the timeline is in view. */
  readonly at_bottom: boolean;
  /** The newest message known; undefined while nothing is loaded. */
  readonly newest?: Serial | undefined;
  /** No hole is known between the read marker and the newest message's surroundings, and the stream is live. */
  readonly current: boolean;
}

export interface ReadState {
  /** The highest marker reported or known from the server, per room. */
  readonly marked: ReadonlyMap<RoomId, Serial>;
  /** What has been read and not reported yet. */
  readonly due: ReadonlyMap<RoomId, Serial>;
  /** When a report may go out again. */
  readonly not_before_ms: number;
}

export const REPORT_MS = 1_000;

export const nothingRead: ReadState = { marked: new Map(), due: new Map(), not_before_ms: 0 };

/** How far the room is read by what is on the screen; undefined if it isn't. */
export function readUpTo(looking: Looking): Serial | undefined {
  const { visible, focused, at_bottom, current, newest } = looking;
  return visible && focused && at_bottom && current ? newest : undefined;
}

/** Notes that `room` is read up to `serial`. Markers only rise here; going back is an action of its own. */
export function noteRead(state: ReadState, room: RoomId, serial: Serial): ReadState {
  const known = state.due.get(room) ?? state.marked.get(room);
  if (known !== undefined && known >= serial) return state;
  return { ...state, due: new Map(state.due).set(room, serial) };
}

/** The server's own markers, moved by another device or by the answer to a report. */
export function noteMarked(
  state: ReadState,
  markers: Iterable<readonly [RoomId, Serial | null | undefined]>,
): ReadState {
  let marked: Map<RoomId, Serial> | undefined;
  let due: Map<RoomId, Serial> | undefined;
  for (const [room, serial] of markers) {
    if (serial === null || serial === undefined || state.marked.get(room) === serial) continue;
    marked ??= new Map(state.marked);
    marked.set(room, serial);
    if ((state.due.get(room) ?? "") > serial || !state.due.has(room)) continue;
    due ??= new Map(state.due);
    due.delete(room);
  }
  return marked === undefined ? state : { ...state, marked, due: due ?? state.due };
}

export interface Report {
  readonly room: RoomId;
  readonly serial: Serial;
}

/** What to report now, and the state after it; when to come back if it is too early. */
export function takeReports(
  state: ReadState,
  now_ms: number,
): { readonly state: ReadState; readonly reports: readonly Report[]; readonly look_again_ms?: number } {
  if (state.due.size === 0) return { state, reports: [] };
  // A clock that went backwards must not hold reports up for longer than they would ever wait.
  if (now_ms < state.not_before_ms && state.not_before_ms - now_ms <= REPORT_MS) {
    return { state, reports: [], look_again_ms: state.not_before_ms };
  }
  const reports = [...state.due].map(([room, serial]) => ({ room, serial }));
  const marked = new Map([...state.marked, ...state.due]);
  return { state: { marked, due: new Map(), not_before_ms: now_ms + REPORT_MS }, reports };
}

/** A report failed: it is due again, unless something newer is. */
export function reportFailed(state: ReadState, { room, serial }: Report): ReadState {
  const due = state.due.get(room);
  if (due !== undefined && due > serial) return state;
  const marked = new Map(state.marked);
  if (marked.get(room) === serial) marked.delete(room);
  return { ...state, marked, due: new Map(state.due).set(room, serial) };
}

/** Whether to show a room as read before the server has said so. */
export function readHere(state: ReadState, room: RoomId, last: Serial | null | undefined): boolean {
  const known = state.due.get(room) ?? state.marked.get(room);
  return last !== null && last !== undefined && known !== undefined && known >= last;
}
