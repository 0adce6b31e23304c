/** So long an answer may take to begin: a network that has gone without a word would keep a request for minutes. */
export const ANSWER_MS_MAX = 30_000;

/** `fetch`, given up when no answer has begun in time. What has begun may take as long as it likes. */
export async function fetchInTime(input: Request | string, init: RequestInit = {}): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_MS_MAX);
  const given = input instanceof Request ? [input.signal] : [];
  try {
    return await fetch(input, { ...init, signal: AbortSignal.any([...given, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
