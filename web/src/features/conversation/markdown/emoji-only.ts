/** How many emoji still count as a gesture rather than a text. */
const BIG_MAX = 6;
/** What an emoji can begin with, seen quickly: signs from here on, or what a keycap makes of it. */
const FIRST_SIGN = 0x203c;
const KEYCAP_OR_MARK = /^(?:[#*0-9]\ufe0f?\u20e3|[\u00a9\u00ae])/;

/** The flag of the set notation; as a literal, it would keep the whole script from browsers that don't know it. */
const SETS: string = "v";

interface Patterns {
  readonly only: RegExp;
  readonly each: RegExp;
}

let made: Patterns | null | undefined;

/** Made when it is needed first: the set of all emoji takes the browser longer than all else on the way to a room. */
function patterns(): Patterns | null {
  if (made !== undefined) return made;
  try {
    made = {
      only: new RegExp("^(?:\\p{RGI_Emoji}|\\s)+$", SETS),
      each: new RegExp("\\p{RGI_Emoji}", `${SETS}g`),
    };
  } catch {
    // Browsers without the set notation show emoji at the size of text.
    made = null;
  }
  return made;
}

function mayBegin(text: string): boolean {
  return (text.codePointAt(0) ?? 0) >= FIRST_SIGN || KEYCAP_OR_MARK.test(text);
}

/** Whether the text is a few emoji and nothing else: these are shown big. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > BIG_MAX * 16 || !mayBegin(text.trimStart())) return false;
  const found = patterns();
  return found?.only.test(text) === true && (text.match(found.each)?.length ?? 0) <= BIG_MAX;
}
