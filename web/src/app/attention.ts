import { watched } from "./status/value";

/** What waits for the person, over all rooms. */
export interface Attention {
  readonly unread: number;
  readonly mentions: number;
}

/** What waits for the person, as the room list counts it; the tab's title shows it. */
export const attention = watched<Attention>(
  { unread: 0, mentions: 0 },
  (a, b) => a.unread === b.unread && a.mentions === b.mentions,
);
