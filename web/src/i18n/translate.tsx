import { Fragment, type ReactNode } from "react";
import { en } from "./en";
import { formatNumber } from "./format";
import { form } from "./locale";
import { type Message, type Placeholders, pieces } from "./message";

/** The name of a string in the catalogue. */
export type Key = keyof typeof en;

type Value = string | number;
type Params<K extends Key, V> = Record<Placeholders<(typeof en)[K]>, V> & { readonly count?: number };
/** The arguments after a key: none when its message has no placeholders. */
type Rest<K extends Key, V> = [Placeholders<(typeof en)[K]>] extends [never] ? [] : [Params<K, V>];

function text(value: Value): string {
  return typeof value === "number" ? formatNumber(value) : value;
}

function textOf(key: Key, params: Readonly<Record<string, unknown>>): string {
  return form(en[key] as Message, params["count"] as number | undefined);
}

/** The string under `key`, with its placeholders filled in. Numbers are written by the reader's locale. */
export function t<K extends Key>(key: K, ...rest: Rest<K, Value>): string {
  const params: Record<string, Value> = rest[0] ?? {};
  return pieces(textOf(key, params))
    .map((piece) => ("text" in piece ? piece.text : text(params[piece.name] ?? "")))
    .join("");
}

/** As {@link t}, with elements in the placeholders' places. */
export function rich<K extends Key>(key: K, ...rest: Rest<K, ReactNode>): ReactNode {
  const params: Record<string, ReactNode> = rest[0] ?? {};
  return pieces(textOf(key, params)).map((piece, index) => {
    if ("text" in piece) return piece.text;
    const value = params[piece.name];
    // biome-ignore lint/suspicious/noArrayIndexKey: a message's pieces never move
    return <Fragment key={index}>{typeof value === "number" ? formatNumber(value) : value}</Fragment>;
  });
}
