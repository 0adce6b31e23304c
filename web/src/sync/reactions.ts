/** Reactions to what goes on in a room: applause for a moment, stored nowhere. Few are shown, and none for long. */
import type { PersonId } from "./model";

export interface Reaction {
  /** Tells apart what is shown at one time. */
  readonly id: number;
  /** A person, or an application's client. */
  readonly author: PersonId;
  /** An emoji as a rule; scripts send words, too. */
  readonly name: string;
  readonly until_ms: number;
}

/** So long one is shown. */
export const REACTION_MS = 4_000;
/** More than these at once, and the oldest goes. */
const SHOWN_MAX = 6;
/** An emoji of several signs fits; a speech doesn't. */
const NAME_MAX = 32;

export const noReactions: readonly Reaction[] = [];

/** With one more; what has no name or too much of one is left out. */
export function reacted(
  before: readonly Reaction[],
  author: PersonId,
  said: string,
  now_ms: number,
): readonly Reaction[] {
  const name = said.trim();
  if (name === "" || name.length > NAME_MAX) return before;
  const id = (before.at(-1)?.id ?? 0) + 1;
  return [...before, { id, author, name, until_ms: now_ms + REACTION_MS }].slice(-SHOWN_MAX);
}

/** Without those whose time is over. */
export function faded(before: readonly Reaction[], now_ms: number): readonly Reaction[] {
  const left = before.filter(({ until_ms }) => until_ms > now_ms);
  if (left.length === before.length) return before;
  return left.length === 0 ? noReactions : left;
}
