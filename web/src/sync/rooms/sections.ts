/** How the list is read: rooms by name, direct conversations by what happened last, each with its marks. */
import type { PersonId, RoomId, RoomListing } from "../model";

export interface Sections {
  readonly rooms: readonly RoomListing[];
  readonly direct: readonly RoomListing[];
  readonly archived: readonly RoomListing[];
  /** Over all rooms that aren't archived. */
  readonly unread_rooms: number;
  readonly mentions: number;
  /** What each room was called when it was put in its place. */
  readonly names: ReadonlyMap<RoomId, string>;
}

export interface SectionsInput {
  readonly listings: ReadonlyMap<RoomId, RoomListing>;
  /** What a room is called: a direct room after its people. */
  readonly nameOf: (listing: RoomListing) => string;
  readonly locale: string;
  /** The sections before the last change: thousands of names are sorted again only when one of them is new. */
  readonly before?: Sections | undefined;
}

/**
 * Names are sorted as the reader's language sorts them. Rooms keep their place whatever happens in them, so that one
 * finds them blindly; direct conversations come and go, and the latest is the likeliest.
 */
export function buildSections({ listings, nameOf, locale, before }: SectionsInput): Sections {
  const rooms: RoomListing[] = [];
  const direct: RoomListing[] = [];
  const archived: RoomListing[] = [];
  const names = new Map<RoomId, string>();
  let unread_rooms = 0;
  let mentions = 0;
  for (const listing of listings.values()) {
    names.set(listing.room.id, nameOf(listing));
    if (isArchived(listing)) {
      archived.push(listing);
      continue;
    }
    (listing.room.kind === "direct" ? direct : rooms).push(listing);
    if (listing.unread.unread > 0) unread_rooms += 1;
    mentions += callsFor(listing);
  }
  return {
    rooms: byName(rooms, names, locale, before?.rooms, before?.names),
    direct: direct.sort(byActivity),
    archived: byName(archived, names, locale, before?.archived, before?.names),
    unread_rooms,
    mentions,
    names,
  };
}

type Names = ReadonlyMap<RoomId, string>;

function byName(
  items: RoomListing[],
  names: Names,
  locale: string,
  before?: readonly RoomListing[],
  old?: Names,
) {
  const kept = before === undefined || old === undefined ? undefined : inOldOrder(items, names, before, old);
  if (kept !== undefined) return kept;
  const collator = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  return items.sort(
    (a, b) =>
      collator.compare(names.get(a.room.id) ?? "", names.get(b.room.id) ?? "") ||
      (a.room.id < b.room.id ? -1 : 1),
  );
}

/** The same rooms under the same names stand where they stood; undefined if they aren't the same. */
function inOldOrder(items: RoomListing[], names: Names, before: readonly RoomListing[], old: Names) {
  if (before.length !== items.length) return undefined;
  const now = new Map(items.map((l) => [l.room.id, l]));
  const kept: RoomListing[] = [];
  for (const { room } of before) {
    const listing = now.get(room.id);
    if (listing === undefined || names.get(room.id) !== old.get(room.id)) return undefined;
    kept.push(listing);
  }
  return kept;
}

/** How many messages of a room are meant for this person: mentions, and all of a direct conversation. */
export function callsFor({ room, unread }: RoomListing): number {
  return room.kind === "direct" ? unread.unread : unread.mentions;
}

export function isArchived({ room }: RoomListing): boolean {
  return room.archived_ms !== undefined && room.archived_ms !== null;
}

/** Newest first; a conversation without a message counts from when one joined it. */
export function byActivity(a: RoomListing, b: RoomListing): number {
  return activeMs(b) - activeMs(a) || (a.room.id < b.room.id ? -1 : 1);
}

function activeMs({ room, membership }: RoomListing): number {
  return room.last_ms ?? membership.joined_ms;
}

/** The next room with something unread behind `from` in the order of the list, going round; rooms that call come first. */
export function nextUnread(sections: Sections, from: RoomId | undefined): RoomListing | undefined {
  const all = [...sections.rooms, ...sections.direct];
  const at = all.findIndex((l) => l.room.id === from);
  const round = [...all.slice(at + 1), ...all.slice(0, Math.max(0, at))];
  return round.find((l) => callsFor(l) > 0) ?? round.find((l) => l.unread.unread > 0);
}

/** The people whose names the list needs. */
export function peopleOf(listings: Iterable<RoomListing>): Set<PersonId> {
  const ids = new Set<PersonId>();
  for (const listing of listings)
    if (listing.room.kind === "direct") for (const id of listing.others) ids.add(id);
  return ids;
}
