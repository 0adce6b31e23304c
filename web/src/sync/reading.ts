/**
 * When a room counts as read: its newest message is on the screen of somebody who looks. The marker goes to the
 * server at once the first time and then at most every {@link REPORT_MS}, the last one always, and again for as long as
 * the server knows less: it may have counted a message after it was read, or been restarted in between.
 */
import type { RoomId, RoomListing, Serial } from "./model";

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
  /** How far each room has been read here, until its marker is set back. */
  readonly read: ReadonlyMap<RoomId, Serial>;
  /** The server's own markers. */
  readonly marked: ReadonlyMap<RoomId, Serial>;
  /** What has been read and is to be reported. */
  readonly due: ReadonlyMap<RoomId, Serial>;
  /** When a report may go out again. */
  readonly not_before_ms: number;
}

export const REPORT_MS = 1_000;

export const nothingRead: ReadState = {
  read: new Map(),
  marked: new Map(),
  due: new Map(),
  not_before_ms: 0,
};

/** How far the room is read by what is on the screen; undefined if it isn't. */
export function readUpTo(looking: Looking): Serial | undefined {
  const { visible, focused, at_bottom, current, newest } = looking;
  return visible && focused && at_bottom && current ? newest : undefined;
}

/** Notes that `room` is read up to `serial`. Markers only rise here; going back is an action of its own. */
export function noteRead(state: ReadState, room: RoomId, serial: Serial): ReadState {
  if (isUpTo(state.read.get(room), serial)) return state;
  const read = new Map(state.read).set(room, serial);
  if (isUpTo(state.marked.get(room), serial)) return { ...state, read };
  return { ...state, read, due: new Map(state.due).set(room, serial) };
}

/** What the server says of the rooms: moved by another device, by a report, or by somebody on purpose. */
export function noteListings(state: ReadState, listings: Iterable<RoomListing>): ReadState {
  const news = [...listings].filter((listing) => isMoved(state, listing) || isMissed(state, listing));
  if (news.length === 0) return state;
  // Once for all of them: there may be thousands.
  const [read, marked, due] = [new Map(state.read), new Map(state.marked), new Map(state.due)];
  for (const listing of news) {
    const id = listing.room.id;
    const marker = listing.membership.read_serial ?? undefined;
    const here = read.get(id);
    if (!isUpTo(marker, marked.get(id))) {
      // By itself a marker never goes back: somebody wants to see these messages as unread.
      read.delete(id);
      due.delete(id);
    } else if (here !== undefined && isMissed(state, listing)) due.set(id, here);
    else if (isUpTo(marker, due.get(id))) due.delete(id);
    if (marker === undefined) marked.delete(id);
    else marked.set(id, marker);
  }
  return { ...state, read, marked, due };
}

function isMoved(state: ReadState, { room, membership }: RoomListing): boolean {
  return (membership.read_serial ?? undefined) !== state.marked.get(room.id);
}

/** Whether everything that was read here is counted, and the marker stands before it. */
function isMissed(state: ReadState, { room, membership, unread }: RoomListing): boolean {
  const read = state.read.get(room.id);
  if (read === undefined || unread.unread === 0 || state.due.get(room.id) === read) return false;
  return isUpTo(room.last_serial, read) && !isUpTo(membership.read_serial, read);
}

/** What was read here doesn't count any more: the marker is set back. */
export function forget(state: ReadState, room: RoomId): ReadState {
  const [read, due] = [new Map(state.read), new Map(state.due)];
  read.delete(room);
  due.delete(room);
  return { ...state, read, due };
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
  return { state: { ...state, due: new Map(), not_before_ms: now_ms + REPORT_MS }, reports };
}

/** A report failed: what is read there is due again, unless the marker was set back or something newer is due. */
export function reportFailed(state: ReadState, { room, serial }: Report): ReadState {
  if (!isUpTo(state.read.get(room), serial) || isUpTo(state.due.get(room), serial)) return state;
  if (isUpTo(state.marked.get(room), serial)) return state;
  return { ...state, due: new Map(state.due).set(room, serial) };
}

/** Whether to show a room as read before the server has said so. */
export function readHere(state: ReadState, room: RoomId, last: Serial | null | undefined): boolean {
  return last !== null && last !== undefined && isUpTo(state.read.get(room), last);
}

/** Nothing is before everything. */
function isUpTo(serial: Serial | null | undefined, other: Serial | undefined): boolean {
  return (serial ?? "") >= (other ?? "");
}
