/** What the composer completes, found from the text before the caret. */
export interface Trigger {
  readonly kind: "mention" | "emoji";
  /** What has been typed of it, without the sign. */
  readonly query: string;
  /** Where the sign stands. */
  readonly from: number;
}

const MENTION = /(?:^|[\s(])@([a-z0-9._-]{0,32})$/i;
const EMOJI = /(?:^|[\s(]):([a-z0-9_+-]{2,32})$/i;

/** What is being typed at `caret`, if it can be completed. */
export function triggerAt(text: string, caret: number): Trigger | undefined {
  const before = text.slice(Math.max(0, caret - 64), caret);
  for (const [kind, pattern] of [
    ["mention", MENTION],
    ["emoji", EMOJI],
  ] as const) {
    const query = pattern.exec(before)?.[1];
    if (query !== undefined) return { kind, query: query.toLowerCase(), from: caret - query.length - 1 };
  }
  return undefined;
}

/** Whether the caret is inside a fenced code block: there, Enter means a new line and nothing is completed. */
export function inCode(text: string, caret: number): boolean {
  return ((text.slice(0, caret).match(/^```/gm) ?? []).length & 1) === 1;
}
