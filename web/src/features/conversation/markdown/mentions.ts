/**
 * Who is spoken to in a text, by the server's rule (`crates/chat`, `projector::mentions`), which counts: what stands out
 * on the screen is what calls. Both are held to the cases in `docs/reference/mentions.json`.
 */

/** A piece of plain text, or somebody's handle in it. */
export type Piece = { readonly text: string } | { readonly handle: string; readonly text: string };

/** The mentions of a message. */
export interface Mentions {
  /** The handles, each once, in order. */
  readonly handles: readonly string[];
  /** Whether everybody is meant. */
  readonly all: boolean;
}

/** The handles that call everybody. */
export const EVERYBODY: ReadonlySet<string> = new Set(["all", "here"]);

/** Most people that one message mentions by their handles; more want `@all`. */
const MENTIONS_MAX = 50;
/** Nobody's handle. */
const RESERVED: ReadonlySet<string> = new Set([
  "channel",
  "room",
  "everyone",
  "admin",
  "system",
  "loquat",
  "me",
]);
/** An at-sign and what may stand in a handle behind it; not in the middle of a word, as in an e-mail address. */
const WORD = /(?<![\p{Alphabetic}\p{N}@./+_-])@([A-Za-z0-9._-]*)/gu;
const HANDLE = /^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])$/;

/** Cuts text at the handles in it. Whether such a person exists is not decided here. */
export function splitMentions(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(WORD)) {
    const word = (found[1] ?? "").replace(/[._-]+$/, "");
    const handle = word.toLowerCase();
    if (!HANDLE.test(handle) || RESERVED.has(handle)) continue;
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) });
    pieces.push({ handle, text: `@${word}` });
    at = found.index + word.length + 1;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** The mentions of a whole message as it was written. Not in code, which quotes. */
export function findMentions(text: string): Mentions {
  const handles = new Set<string>();
  let all = false;
  if (text.includes("@")) {
    for (const piece of prose(text).flatMap(splitMentions)) {
      if (!("handle" in piece)) continue;
      if (EVERYBODY.has(piece.handle)) all = true;
      else if (handles.size < MENTIONS_MAX) handles.add(piece.handle);
    }
  }
  return { handles: [...handles], all };
}

/** Whether a message calls the person of this handle. */
export function isForMe(text: string, handle: string): boolean {
  const { handles, all } = findMentions(text);
  return all || handles.includes(handle);
}

/**
 * The text between pieces of code: what stands between runs of as many backticks. A run that is never closed quotes
 * nothing; three or more that begin a line quote to the end.
 */
function prose(text: string): string[] {
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ at: run.index, ticks: run[0].length }));
  // From behind, so that each run knows the next one of its length, however many there are.
  const closing = new Map<number, number>();
  const next: (number | undefined)[] = [];
  for (const [index, { ticks }] of [...runs.entries()].reverse()) {
    next[index] = closing.get(ticks);
    closing.set(ticks, index);
  }
  const pieces: string[] = [];
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    if (run === undefined) break;
    const end = next[index];
    const close = end === undefined ? undefined : runs[end];
    // What stands before it in its line; a piece of code that has ended begins a new count.
    const before = text.slice(from, run.at);
    const beginsLine = before.slice(before.lastIndexOf("\n") + 1).trim() === "";
    if (close === undefined && !(run.ticks >= 3 && beginsLine)) continue;
    pieces.push(before);
    if (close === undefined || end === undefined) return pieces;
    from = close.at + close.ticks;
    index = end;
  }
  pieces.push(text.slice(from));
  return pieces;
}
