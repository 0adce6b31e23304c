/** How many emoji still count as a gesture rather than a text. */
const BIG_MAX = 6;

const ONLY = make("^(?:\\p{RGI_Emoji}|\\s)+$");
const EACH = make("\\p{RGI_Emoji}", "g");

/** Browsers without the set notation show emoji at the size of text. */
function make(source: string, flags = ""): RegExp | undefined {
  try {
    return new RegExp(source, `v${flags}`);
  } catch {
    return undefined;
  }
}

/** Whether the text is a few emoji and nothing else: these are shown big. */
export function isEmojiOnly(text: string): boolean {
  if (ONLY === undefined || EACH === undefined || text.length > BIG_MAX * 16) return false;
  return ONLY.test(text) && (text.match(EACH)?.length ?? 0) <= BIG_MAX;
}
