import { Lexer, type Token } from "marked";

/** Longer texts are shown as they are: nobody formats by hand what is that long, and parsing must stay quick. */
const PARSED_MAX = 20_000;
/** Deeper than this nobody nests on purpose; the parser recurses. */
const NESTED_MAX = 40;
/** More signs of emphasis than this no paragraph has; the parser looks for the end of each in all the others. */
const MARKS_MAX = 800;
/** Nor has a text. */
const TEXT_MARKS_MAX = 2_400;
/** A longer gap nobody writes; the parser looks through it again from each of its spaces. */
const GAP = " ".repeat(1_000);
/** Parsed texts that are kept: rows come and go while one scrolls. */
const CACHED_MAX = 400;

const cache = new Map<string, readonly Token[]>();

/** The text as Markdown tokens; a single plain one where it can't or needn't be parsed. Never HTML. */
export function parse(text: string): readonly Token[] {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const tokens = parseAnew(text);
  cache.set(text, tokens);
  for (const oldest of cache.keys()) {
    if (cache.size <= CACHED_MAX) break;
    cache.delete(oldest);
  }
  return tokens;
}

function parseAnew(text: string): readonly Token[] {
  const plain: Token[] = [{ type: "text", raw: text, text }];
  if (text.length > PARSED_MAX || nestsDeeply(text) || isCrowded(text)) return plain;
  try {
    return new Lexer({ gfm: true, breaks: true }).lex(text);
  } catch {
    return plain;
  }
}

/** Quote signs and indented list items make the parser go deeper; runs of emphasis and brackets make it go back. */
function nestsDeeply(text: string): boolean {
  return text.split("\n").some((line) => {
    const lead = /^[\s>*+\-\d.)]*/.exec(line)?.[0] ?? "";
    return lead.replace(/\s+/g, "").length > NESTED_MAX && />|[*+-]\s/.test(lead);
  });
}

/** Whether the parser takes longer than one waits for a message. */
function isCrowded(text: string): boolean {
  const marks = text.split(/\n\s*\n/).map((paragraph) => paragraph.match(/[*_~]/g)?.length ?? 0);
  const all = marks.reduce((sum, count) => sum + count, 0);
  return text.includes(GAP) || all > TEXT_MARKS_MAX || marks.some((count) => count > MARKS_MAX);
}
