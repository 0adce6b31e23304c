/** How many colours there are; Avatar.module.css has a class for each. */
export const HUES = 10;

/** The colour of an id: the same on every device, and evenly spread. */
export function avatarHue(id: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 16_777_619);
  }
  return (hash >>> 0) % HUES;
}

let segmenter: Intl.Segmenter | undefined;
/** A sign that nothing behind it can belong to. */
const PLAIN = /^[\x20-\x7e](?=[\x20-\x7e]|$)/;

/** The first sign of a text as a reader sees it: a letter with its marks, an emoji with its joiners. */
function firstSign(text: string): string {
  const plain = PLAIN.exec(text)?.[0];
  if (plain !== undefined) return plain;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) return segment;
  return "";
}

/** Up to two signs that stand for a name: of its first word and its last. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const first = words[0];
  if (first === undefined) return firstSign(name.trim()) || "?";
  const last = words.length > 1 ? words.at(-1) : undefined;
  return (firstSign(first) + (last === undefined ? "" : firstSign(last))).toLocaleUpperCase();
}
