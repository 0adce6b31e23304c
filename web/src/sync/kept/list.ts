/**
 * Two room lists until the server has given its own: the one that follows the server, and the one that is shown,
 * which begins with what this device has kept. They are never mixed, because the server may have been put back to
 * an older state, and then what was kept would outrank it.
 */
import type { RoomSnapshot } from "../model.ts";
import { emptyRooms, type RoomsEvent, type RoomsState, reduceRooms } from "../rooms/state.ts";

export interface Lists {
  /** What the server has said, and nothing else. */
  readonly followed: RoomsState;
  /** What people see. `loaded` is false while it is the kept list: a room that isn't in it may exist. */
  readonly shown: RoomsState;
}

export const noLists: Lists = { followed: emptyRooms, shown: emptyRooms };

export function followLists({ followed, shown }: Lists, event: RoomsEvent): Lists {
  const next = reduceRooms(followed, event);
  return { followed: next, shown: next.loaded ? next : reduceRooms(shown, event) };
}

/** Shows what was kept, unless the server was faster. */
export function restoreList(lists: Lists, snapshot: RoomSnapshot): Lists {
  if (lists.followed.loaded) return lists;
  const shown = reduceRooms(lists.shown, { name: "snapshot", data: snapshot });
  return { ...lists, shown: { ...shown, loaded: false } };
}
