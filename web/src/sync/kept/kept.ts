/**
 * What this device keeps of the server, so that the app opens at once, and without a network: the room list, the
 * newest messages of the rooms that were open last, and who the people in them are. It is shown until the server
 * has spoken, and nothing of it outlasts what the server says.
 */
import type { Person, PersonId, RoomId, RoomListing, RoomSnapshot } from "../model.ts";
import type { People } from "../people.ts";
import { peopleOf } from "../rooms/sections.ts";
import type { RoomsState } from "../rooms/state.ts";
import type { KeptRoom } from "./room.ts";

export interface KeptList {
  readonly snapshot: RoomSnapshot;
  readonly people: readonly Person[];
}

export interface Kept {
  readonly list?: KeptList | undefined;
  readonly rooms: readonly KeptRoom[];
}

export const nothingKept: Kept = { rooms: [] };

/** Shared by the tabs of one browser. No call rejects: where nothing can be stored, nothing is kept. */
export interface KeptStorage {
  /** What is kept of this person. What is there of others is deleted. */
  open(person: PersonId): Promise<Kept>;
  /** Replaces the list; rooms that aren't in it are deleted. */
  putList(person: PersonId, list: KeptList): Promise<void>;
  /** Replaces the room; of more than {@link KEPT_ROOMS_MAX} those kept longest ago are deleted. */
  putRoom(person: PersonId, room: KeptRoom): Promise<void>;
}

export const KEPT_ROOMS_MAX = 30;
export const KEPT_LISTINGS_MAX = 1_000;
export const KEPT_PEOPLE_MAX = 2_000;

/** The list as it is worth keeping: only once the server has given it whole. */
export function keepList(state: RoomsState, people: People): KeptList | undefined {
  if (!state.loaded) return undefined;
  const items = newest([...state.listings.values()]);
  return { snapshot: { items, version: state.floor }, people: persons(items, people) };
}

function newest(listings: readonly RoomListing[]): readonly RoomListing[] {
  if (listings.length <= KEPT_LISTINGS_MAX) return listings;
  const time = ({ room }: RoomListing) => room.last_ms ?? room.created_ms;
  return [...listings].sort((a, b) => time(b) - time(a)).slice(0, KEPT_LISTINGS_MAX);
}

/** Those after whom rooms are called come first, then those met last. */
function persons(items: readonly RoomListing[], people: People): readonly Person[] {
  const ids = new Set<PersonId>([...peopleOf(items), ...[...people.known.keys()].reverse()]);
  return [...ids].flatMap((id) => people.known.get(id) ?? []).slice(0, KEPT_PEOPLE_MAX);
}

/** The rooms in a kept list. */
export function roomsOf({ snapshot }: KeptList): ReadonlySet<RoomId> {
  return new Set(snapshot.items.map(({ room }) => room.id));
}
