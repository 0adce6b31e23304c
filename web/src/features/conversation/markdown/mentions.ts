/** A piece of plain text, or somebody's handle in it. */
export type Piece = { readonly text: string } | { readonly handle: string; readonly text: string };

/** A handle as the server reads it: 2 to 32 of these, a letter or digit at both ends, not in the middle of a word. */
const MENTION = /(?<![\p{L}\p{N}_@./-])@([a-z0-9][a-z0-9._-]{0,30}[a-z0-9])/giu;

/** The handles that call everybody. */
export const EVERYBODY: ReadonlySet<string> = new Set(["all", "here"]);

/** Cuts text at the handles in it. Whether such a person exists is not decided here. */
export function splitMentions(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(MENTION)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) });
    pieces.push({ handle: (found[1] ?? "").toLowerCase(), text: found[0] });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** Whether a message calls the person of this handle. */
export function isForMe(text: string, handle: string): boolean {
  if (!text.includes("@")) return false;
  return splitMentions(text).some((p) => "handle" in p && (p.handle === handle || EVERYBODY.has(p.handle)));
}
