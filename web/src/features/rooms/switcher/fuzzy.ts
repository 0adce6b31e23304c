/** How well a text answers what somebody typed. */

const EXACT = 1_000;
const BEGINS = 700;
const WORD_BEGINS = 500;
const CONTAINS = 300;
const SCATTERED = 100;

/** Case and accents are the typist's to leave out. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/**
 * Higher is better, undefined is no answer: the whole, its beginning, the beginning of a word, anywhere, and then the
 * letters in their order with others between, the fewer the better. Both must be {@link fold}ed.
 */
export function score(text: string, query: string): number | undefined {
  if (query === "") return 0;
  if (text === query) return EXACT;
  if (text.startsWith(query)) return BEGINS - Math.min(99, text.length - query.length);
  const at = text.indexOf(query);
  if (at > 0) {
    const begins = /[\s._-]/u.test(text.charAt(at - 1));
    return (begins ? WORD_BEGINS : CONTAINS) - Math.min(99, at);
  }
  return scattered(text, query);
}

function scattered(text: string, query: string): number | undefined {
  let from = 0;
  let gaps = 0;
  for (const letter of query) {
    const at = text.indexOf(letter, from);
    if (at < 0) return undefined;
    if (from > 0) gaps += at - from;
    from = at + letter.length;
  }
  // Letters from all over a long text are nobody's idea of a match.
  return gaps > query.length * 4 ? undefined : SCATTERED - Math.min(99, gaps);
}

/** The best of several texts (a name, a handle). */
export function bestScore(texts: readonly string[], query: string): number | undefined {
  let best: number | undefined;
  for (const text of texts) {
    const found = score(text, query);
    if (found !== undefined && (best === undefined || found > best)) best = found;
  }
  return best;
}
