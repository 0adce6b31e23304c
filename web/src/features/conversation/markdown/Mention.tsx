import { createContext, createElement, useContext } from "react";
import { useLive, useSelected } from "@/realtime";
import { cx } from "@/ui";
import styles from "./Markdown.module.css";
import { EVERYBODY, type Mentions } from "./mentions";

interface Props {
  readonly handle: string;
  /** As it was written. */
  readonly text: string;
}

/** The reader's own handle. */
export const OwnHandle = createContext("");

/** Whom the message around it calls: what looks like a handle in a piece of it may be part of a word in the whole. */
export const Called = createContext<Mentions>({ handles: [], all: false });

/** Somebody's handle in a message. Stands out if such a person is known, and more if it is the reader. */
export function Mention({ handle, text }: Props) {
  const own = useContext(OwnHandle);
  const { handles, all } = useContext(Called);
  const { directory } = useLive();
  const known = useSelected(directory.people, (people) => people.handles.has(handle));
  const me = handle === own || EVERYBODY.has(handle);
  const called = EVERYBODY.has(handle) ? all : handles.includes(handle);
  if (!called || (!known && !me)) return text;
  return createElement("span", { className: cx(styles["mention"], me && styles["me"]), dir: "ltr" }, text);
}
