/** Who is who: the newest known row of each person, and which ids nobody has asked the server about yet. */
import type { Person, PersonId } from "./model";

export interface People {
  readonly known: ReadonlyMap<PersonId, Person>;
  /** Who goes by which handle, of those known. */
  readonly handles: ReadonlyMap<string, PersonId>;
  /** Asked for and not answered, or answered by "no such person". */
  readonly asked: ReadonlySet<PersonId>;
  /** Known from before; news of them may have been missed, so they are asked for again when somebody looks. */
  readonly stale: ReadonlySet<PersonId>;
}

export const noPeople: People = { known: new Map(), handles: new Map(), asked: new Set(), stale: new Set() };

/** What the server gives to people alone; whoever goes by another id is an application's client. */
const PERSON_ID = /^p_[a-z2-7]{16}$/;

export function isPerson(id: string): id is PersonId {
  return PERSON_ID.test(id);
}

/** What somebody is called, if that is known yet. Clients of applications have no more than their id. */
export function nameOf(people: People, id: string): string | undefined {
  return people.known.get(id)?.name ?? (isPerson(id) ? undefined : id);
}

/** The most ids of one look-up. */
export const LOOKUP_MAX = 200;

/** Rows may come late: the higher version wins, but against what is stale any answer does. */
export function learn(people: People, persons: readonly Person[]): People {
  const news = persons.filter(
    (p) => people.stale.has(p.id) || (people.known.get(p.id)?.version ?? -1) < p.version,
  );
  if (news.length === 0) return people;
  const stale = new Set(people.stale);
  for (const person of news) stale.delete(person.id);
  return { ...put(people, news), stale };
}

/** What this device has kept from the last time: shown until the server says how it is now. */
export function restored(people: People, persons: readonly Person[]): People {
  const unknown = persons.filter((p) => !people.known.has(p.id));
  const stale = new Set([...people.stale, ...unknown.map((p) => p.id)]);
  return { ...put(people, unknown), stale };
}

/** Nobody told us of changes for a while: all are to be asked for again. */
export function outdated(people: People): People {
  return { ...people, asked: new Set(), stale: new Set(people.known.keys()) };
}

/** Whether a look-up would tell nothing new. */
export function isCurrent(people: People, id: PersonId): boolean {
  return people.known.has(id) && !people.stale.has(id);
}

function put(people: People, persons: readonly Person[]): People {
  const known = new Map(people.known);
  const handles = new Map(people.handles);
  for (const person of persons) {
    const before = known.get(person.id)?.handle;
    if (before !== undefined && handles.get(before) === person.id) handles.delete(before);
    known.set(person.id, person);
    handles.set(person.handle, person.id);
  }
  return { ...people, known, handles };
}

/** Which of `ids` are to be asked for, at most {@link LOOKUP_MAX} of them. */
export function missing(people: People, ids: Iterable<PersonId>): PersonId[] {
  const wanted: PersonId[] = [];
  for (const id of new Set(ids)) {
    if (isCurrent(people, id) || people.asked.has(id)) continue;
    wanted.push(id);
    if (wanted.length === LOOKUP_MAX) break;
  }
  return wanted;
}

export function asked(people: People, ids: readonly PersonId[]): People {
  return ids.length === 0 ? people : { ...people, asked: new Set([...people.asked, ...ids]) };
}

/** A look-up failed: these may be asked for again. */
export function unasked(people: People, ids: readonly PersonId[]): People {
  const left = new Set(people.asked);
  for (const id of ids) left.delete(id);
  return { ...people, asked: left };
}
