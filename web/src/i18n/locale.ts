import type { Message } from "./message";

/** The language of the catalogue. Dates and numbers follow the reader's own region within it. */
export const LANGUAGE = "en";

/**
 * The locale for dates and numbers: the first of the browser's languages that is of the catalogue's
 * language, so that "en-GB" writes days before months, and nobody reads English words around a date in
 * another language.
 */
export const locale: string =
  globalThis.navigator?.languages?.find((tag) => tag.split("-")[0] === LANGUAGE) ?? LANGUAGE;

let rules: Intl.PluralRules | undefined;

/** The text of `message` for `count`. */
export function form(message: Message, count: number | undefined): string {
  if (typeof message === "string") return message;
  // Made when the first count is said: the browser loads its tables for it.
  rules ??= new Intl.PluralRules(LANGUAGE);
  return message[rules.select(count ?? 0)] ?? message.other;
}
