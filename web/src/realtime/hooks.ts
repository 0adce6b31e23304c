import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { locale, t } from "@/i18n";
import type { Person, PersonId, RoomId, RoomListing } from "@/sync/model";
import type { OutboxEntry } from "@/sync/outbox/entry";
import { isCurrent, type People } from "@/sync/people";
import { readHere } from "@/sync/reading";
import { buildSections, type Sections } from "@/sync/rooms/sections";
import type { RoomsState } from "@/sync/rooms/state";
import type { Store } from "@/sync/store";
import { useLive } from "./Connected";

/** The value of a store, drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A part of a store's value; drawn again only when that part is another. `select` must give equal parts for equal values. */
export function useSelected<T, S>(store: Store<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export function useRooms(): RoomsState {
  return useStore(useLive().rooms.state);
}

export function useListing(room: RoomId): RoomListing | undefined {
  return useSelected(useLive().rooms.state, (state) => state.listings.get(room));
}

export function usePeople(): People {
  return useStore(useLive().directory.people);
}

/** A person, fetched if unknown or known from an earlier time alone. */
export function usePerson(id: PersonId): Person | undefined {
  const { directory } = useLive();
  const person = useSelected(directory.people, (people) => people.known.get(id));
  const current = useSelected(directory.people, (people) => isCurrent(people, id));
  useEffect(() => {
    if (!current) directory.want([id]);
  }, [directory, current, id]);
  return person;
}

/** What a room is called: its name, or its people's. */
export function roomName({ room, others }: RoomListing, people: People): string {
  if (room.kind !== "direct" || room.name !== "") return room.name;
  if (others.length === 0) return t("rooms.onlyYou");
  const names = others.map((id) => people.known.get(id)?.name ?? "…");
  return new Intl.ListFormat(locale, { type: "conjunction", style: "narrow" }).format(names);
}

/** The list as it is read; what has been read here counts as read before the server says so. */
export function useSections(): Sections {
  const live = useLive();
  const { listings } = useRooms();
  const people = usePeople();
  const reading = useStore(live.reader.state);
  const before = useRef<Sections>(undefined);
  const sections = useMemo(() => {
    const shown = new Map<RoomId, RoomListing>();
    for (const [id, listing] of listings) {
      const read = listing.unread.unread > 0 && readHere(reading, id, listing.room.last_serial);
      shown.set(id, read ? { ...listing, unread: { unread: 0, mentions: 0 } } : listing);
    }
    const nameOf = (listing: RoomListing) => roomName(listing, people);
    return buildSections({ listings: shown, nameOf, locale, before: before.current });
  }, [listings, people, reading]);
  useEffect(() => {
    before.current = sections;
  }, [sections]);
  return sections;
}

/** The messages of a room that wait in the outbox. */
export function useWaiting(room: RoomId): readonly OutboxEntry[] {
  const entries = useStore(useLive().outbox.entries);
  return useMemo(() => entries.filter((entry) => entry.room === room), [entries, room]);
}
