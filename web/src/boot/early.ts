/**
 * Requests that are under way while the app's script still is: what every opening needs first. The app takes an
 * answer once, in place of asking itself.
 */

import { fetchInTime } from "./in-time";

/** An answer that nobody has taken by then is too old to begin with. */
const FRESH_MS = 10_000;

interface Early {
  readonly answer: Promise<Response>;
  readonly began_ms: number;
}

const started = new Map<string, Early>();

/** Asks for an address of the API now. */
export function beginEarly(path: string): Promise<Response> {
  const answer = fetchInTime(path, { headers: { Accept: "application/json" } });
  // Whoever takes it hears of its failure.
  answer.catch(() => undefined);
  started.set(path, { answer, began_ms: performance.now() });
  return answer;
}

/**
 * The answer to a request that was begun early, for the first one who asks. A write makes all of them old: who signs in
 * must not be told what a stranger was.
 */
export function takeEarly({ method, url }: Pick<Request, "method" | "url">): Promise<Response> | undefined {
  if (method !== "GET") started.clear();
  if (started.size === 0) return undefined;
  const { pathname, search } = new URL(url);
  const early = started.get(pathname + search);
  if (early === undefined) return undefined;
  started.delete(pathname + search);
  return performance.now() - early.began_ms < FRESH_MS ? early.answer : undefined;
}
