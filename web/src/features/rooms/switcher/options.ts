import type { Person, RoomId, RoomListing } from "@/sync/model";
import type { Sections } from "@/sync/rooms/sections";
import { byActivity, callsFor } from "@/sync/rooms/sections";
import { bestScore, fold } from "./fuzzy";

/** What one can go to. */
export type Choice =
  | { readonly kind: "room"; readonly key: string; readonly listing: RoomListing; readonly name: string }
  | { readonly kind: "person"; readonly key: string; readonly person: Person };

const SHOWN_MAX = 30;

interface Input {
  readonly sections: Sections;
  readonly recent: readonly RoomId[];
  readonly people: readonly Person[];
  readonly query: string;
  readonly current: RoomId;
}

/** What answers the query, best first; without one, what calls and what was open last. */
export function choices({ sections, recent, people, query, current }: Input): Choice[] {
  const rooms = [...sections.rooms, ...sections.direct].filter((l) => l.room.id !== current);
  const room = (listing: RoomListing): Choice => ({
    kind: "room",
    key: listing.room.id,
    listing,
    name: sections.names.get(listing.room.id) ?? "",
  });
  const folded = fold(query.trim().replace(/^[@#]/, ""));
  if (folded === "") return byRecency(rooms, recent).slice(0, SHOWN_MAX).map(room);

  const place = new Map(recent.map((id, index) => [id, index]));
  const found: { choice: Choice; score: number }[] = [];
  for (const listing of rooms) {
    const name = sections.names.get(listing.room.id) ?? "";
    const score = bestScore([fold(name)], folded);
    // Between equal answers, the one that was open last.
    const at = place.get(listing.room.id);
    if (score !== undefined)
      found.push({ choice: room(listing), score: score + (at === undefined ? 0 : 40 - at) });
  }
  const direct = new Set(sections.direct.flatMap((l) => (l.others.length === 1 ? l.others : [])));
  for (const person of people) {
    if (direct.has(person.id) || person.deactivated === true) continue;
    const score = bestScore([fold(person.name), person.handle], folded);
    if (score !== undefined) found.push({ choice: { kind: "person", key: person.id, person }, score });
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN_MAX)
    .map(({ choice }) => choice);
}

function byRecency(rooms: readonly RoomListing[], recent: readonly RoomId[]): RoomListing[] {
  const place = new Map(recent.map((id, index) => [id, index]));
  const at = (listing: RoomListing) => place.get(listing.room.id) ?? Number.POSITIVE_INFINITY;
  const calls = (listing: RoomListing) => (callsFor(listing) > 0 ? 0 : 1);
  return [...rooms].sort((a, b) => calls(a) - calls(b) || at(a) - at(b) || byActivity(a, b));
}
