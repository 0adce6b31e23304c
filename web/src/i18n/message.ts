/** A message with plural forms, chosen by `count` and the language's rules. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

/** What a catalogue holds under a key: a text with `{placeholders}`, or its plural forms. */
export type Message = string | Plural;

/** The names between braces in `Text`. */
type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The placeholders of a message, of whatever form. */
export type Placeholders<M> = M extends string
  ? Names<M>
  : M extends Plural
    ? Names<M["other"]> | "count"
    : never;

/** A message cut at its placeholders. */
export type Piece = { readonly text: string } | { readonly name: string };

/** Cuts `text` at its placeholders, in order. */
export function pieces(text: string): Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== "")
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : { text: part }));
}
