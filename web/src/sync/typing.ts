/** Who is typing, as one line: few are named, many are "several", and names don't change places while it goes on. */
import type { PersonId } from "./model";

/** More people than this are "several". */
const NAMED_MAX = 3;

export type TypingLine =
  | { readonly kind: "nobody" }
  | { readonly kind: "named"; readonly people: readonly PersonId[] }
  | { readonly kind: "several" };

export const nobodyTypes: readonly PersonId[] = [];

/** Those who type now; whoever typed before keeps their place, whoever begins stands last. */
export function nowTyping(before: readonly PersonId[], now: ReadonlySet<PersonId>): readonly PersonId[] {
  const stay = before.filter((id) => now.has(id));
  const begin = [...now].filter((id) => !before.includes(id));
  return begin.length === 0 && stay.length === before.length ? before : [...stay, ...begin];
}

/** A person's message has come: what they typed is said, whatever the last sign of typing says. */
export function hasSpoken(before: readonly PersonId[], person: PersonId): readonly PersonId[] {
  return before.includes(person) ? before.filter((id) => id !== person) : before;
}

/** What is said about it; oneself is left out. */
export function typingLine(typing: readonly PersonId[], me: PersonId): TypingLine {
  const people = typing.filter((id) => id !== me);
  if (people.length === 0) return { kind: "nobody" };
  return people.length <= NAMED_MAX ? { kind: "named", people } : { kind: "several" };
}
