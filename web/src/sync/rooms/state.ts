/**
 * The room list: snapshots and events, in any order and any number, end in the same list (law SNAP-1).
 *
 * Every row of the server carries a version from one counter, and every event carries absolute values. So each part
 * of a room (the room, the membership, the activity) is simply the one with the highest version seen; leaving is a
 * version below which the membership no longer counts.
 */
import type {
  Membership,
  PersonalEvent,
  PersonId,
  Room,
  RoomActivity,
  RoomId,
  RoomListing,
  RoomSnapshot,
} from "../model";

interface MemberCount {
  readonly count: number;
  readonly version: number;
}

type Activity = Omit<RoomActivity, "room" | "mentioned">;

interface Parts {
  readonly room?: Room;
  readonly membership?: Membership;
  readonly others?: readonly PersonId[];
  readonly activity?: Activity;
  readonly members?: MemberCount;
  /** The person was no member at this version. */
  readonly removed: number;
}

export interface RoomsState {
  readonly parts: ReadonlyMap<RoomId, Parts>;
  /** The rooms one is a member of, with the newest values of each. */
  readonly listings: ReadonlyMap<RoomId, RoomListing>;
  /** The version of the newest snapshot; what it left out and no later event brought isn't there. */
  readonly floor: number;
  /** False until the server's first snapshot has come: that a room isn't in the list is then no statement. */
  readonly loaded: boolean;
}

export type RoomsEvent =
  | { readonly name: "snapshot"; readonly data: RoomSnapshot }
  | Extract<PersonalEvent, { name: "room.changed" | "room.removed" | "room.activity" | "member.changed" }>;

export const emptyRooms: RoomsState = { parts: new Map(), listings: new Map(), floor: 0, loaded: false };

/** How many rooms that aren't in the list are remembered, so that late news of them can be told from fresh ones. */
const ABSENT_MAX = 500;

export function reduceRooms(state: RoomsState, event: RoomsEvent): RoomsState {
  switch (event.name) {
    case "snapshot":
      return snapshot(state, event.data);
    case "room.changed":
      return put(state, event.data.listing.room.id, (parts) => withListing(parts, event.data.listing));
    case "room.removed":
      return put(state, event.data.room, (parts) => ({
        ...parts,
        removed: Math.max(parts.removed, event.data.version),
      }));
    case "room.activity":
      return put(state, event.data.room, (parts) => withActivity(parts, event.data));
    case "member.changed":
      return put(state, event.data.room, (parts) =>
        withMembers(parts, event.data.members, event.data.version),
      );
  }
}

function snapshot(state: RoomsState, data: RoomSnapshot): RoomsState {
  const parts = new Map(state.parts);
  const present = new Set<RoomId>();
  for (const listing of data.items) {
    present.add(listing.room.id);
    parts.set(listing.room.id, withListing(parts.get(listing.room.id) ?? unknown(state.floor), listing));
  }
  for (const [id, known] of parts) {
    if (!present.has(id) && known.removed < data.version) parts.set(id, { ...known, removed: data.version });
  }
  const floor = Math.max(state.floor, data.version);
  const listings = new Map<RoomId, RoomListing>();
  for (const [id, known] of parts) {
    const listing = known === state.parts.get(id) ? state.listings.get(id) : listed(known);
    if (listing !== undefined) listings.set(id, listing);
  }
  return { parts: forgetOld(parts, listings, floor), listings, floor, loaded: true };
}

function put(state: RoomsState, id: RoomId, change: (parts: Parts) => Parts): RoomsState {
  const before = state.parts.get(id) ?? unknown(state.floor);
  const after = change(before);
  if (after === before) return state;
  const parts = new Map(state.parts).set(id, after);
  const listing = listed(after);
  if (listing === undefined && !state.listings.has(id))
    return { ...state, parts: forgetOld(parts, state.listings, state.floor) };
  const listings = new Map(state.listings);
  if (listing === undefined) listings.delete(id);
  else listings.set(id, listing);
  return { ...state, parts: forgetOld(parts, listings, state.floor), listings };
}

/** A room that the newest snapshot didn't have: one wasn't its member then. */
function unknown(floor: number): Parts {
  return { removed: floor };
}

function withListing(parts: Parts, listing: RoomListing): Parts {
  const { room, membership, unread } = listing;
  const version = Math.max(room.version, membership.version);
  const newerRoom = parts.room === undefined || room.version > parts.room.version;
  const newerMembership = parts.membership === undefined || membership.version > parts.membership.version;
  const newerActivity = parts.activity === undefined || version > parts.activity.version;
  const counted = withMembers(parts, room.members, room.version);
  if (!newerRoom && !newerMembership && !newerActivity && counted === parts) return parts;
  return {
    ...counted,
    ...(newerRoom ? { room } : {}),
    ...(newerMembership ? { membership, others: listing.others } : {}),
    ...(newerActivity
      ? {
          activity: {
            messages: room.messages,
            last_serial: room.last_serial ?? null,
            last_ms: room.last_ms ?? null,
            unread: unread.unread,
            mentions: unread.mentions,
            version,
          },
        }
      : {}),
  };
}

function withMembers(parts: Parts, count: number, version: number): Parts {
  return parts.members !== undefined && parts.members.version >= version
    ? parts
    : { ...parts, members: { count, version } };
}

function withActivity(parts: Parts, { room: _, mentioned: __, ...activity }: RoomActivity): Parts {
  return parts.activity !== undefined && parts.activity.version >= activity.version
    ? parts
    : { ...parts, activity };
}

/** What the list shows of a room; made only when a part of it changed, so that other rows aren't drawn again. */
function listed(parts: Parts): RoomListing | undefined {
  const { room, membership, others = [], activity, members } = parts;
  if (room === undefined || membership === undefined || activity === undefined) return undefined;
  if (membership.version <= parts.removed) return undefined;
  const { messages, last_serial, last_ms, unread, mentions } = activity;
  const counted = {
    ...room,
    members: members?.count ?? room.members,
    messages,
    last_serial: last_serial ?? null,
    last_ms: last_ms ?? null,
  };
  return { room: counted, membership, unread: { unread, mentions }, others };
}

/** What a snapshot has settled needs no memory of its own; what is left is bounded, oldest news first. */
function forgetOld(
  parts: Map<RoomId, Parts>,
  listings: ReadonlyMap<RoomId, RoomListing>,
  floor: number,
): Map<RoomId, Parts> {
  const absent = parts.size - listings.size;
  if (absent <= 0) return parts;
  for (const [id, known] of parts) if (!listings.has(id) && newest(known) <= floor) parts.delete(id);
  if (parts.size - listings.size <= ABSENT_MAX) return parts;
  const old = [...parts].filter(([id]) => !listings.has(id)).sort((a, b) => newest(a[1]) - newest(b[1]));
  for (const [id] of old.slice(0, old.length - ABSENT_MAX)) parts.delete(id);
  return parts;
}

/** The version of the newest news of a room. */
function newest({ removed, room, membership, activity, members }: Parts): number {
  const versions = [room, membership, activity, members];
  return versions.reduce((highest, part) => Math.max(highest, part?.version ?? 0), removed);
}
