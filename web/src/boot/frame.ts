/**
 * A room's frame: its name and a place to write in, drawn without the app's script, which takes over as soon as it
 * runs. What is typed meanwhile is kept as a draft, letter by letter; what Enter ended is sent by the app. Shortcuts
 * wait for the app, and what follows the quick switcher's is written into a field of its own.
 */

import { NARROW } from "@/app/layout/narrow";
import header from "@/app/layout/PageHeader.module.css";
import shell from "@/app/layout/Shell.module.css";
import composer from "@/features/conversation/composer/Composer.module.css";
import room from "@/features/conversation/RoomScreen.module.css";
import { boot } from "@/i18n/en/boot";
import { textStorage } from "@/realtime/browser/text-storage";
import { Drafts } from "@/sync/drafts";
import { storedEnterKey } from "./enter-key";
import styles from "./frame.module.css";
import type { LastRoom } from "./last-room";
import { forgetShortcuts, keepShortcuts, press, releaseShortcuts } from "./shortcuts";
import { openField, takeField } from "./switcher-field";

/** What the composer of the app goes on with. */
export interface Handover {
  readonly text: string;
  /** Messages that were ended with Enter, in order. */
  readonly said: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly focused: boolean;
}

interface Frame {
  readonly room: string;
  readonly element: HTMLElement;
  readonly area: HTMLTextAreaElement;
  readonly root: HTMLElement;
  /** What stands before the caret's message: messages that were ended, a line each. */
  said: string[];
  composing: boolean;
  waiting: (() => void) | undefined;
  /** Ends what listens beyond the frame itself. */
  readonly left: AbortController;
}

let frame: Frame | undefined;

/** Draws the frame over `root`, which stays hidden from everybody until it is left. */
export function drawFrame(root: HTMLElement, { person, room, name, topic = "" }: LastRoom): void {
  const area = writingArea(name);
  const element = build(name, topic, area);
  const made: Frame = {
    room,
    element,
    area,
    root,
    said: [],
    composing: false,
    waiting: undefined,
    left: new AbortController(),
  };
  frame = made;
  const drafts = new Drafts(person, textStorage(), Date.now);
  area.value = drafts.get(room);
  area.addEventListener("input", () => drafts.set(room, area.value));
  area.addEventListener("keydown", (event) => onKey(event, made, () => drafts.set(room, area.value)));
  area.addEventListener("compositionstart", () => {
    made.composing = true;
  });
  area.addEventListener("compositionend", () => {
    made.composing = false;
    made.waiting?.();
  });
  addEventListener("keydown", (event) => isTyping(event) && area.focus(), {
    signal: made.left.signal,
  });
  keepShortcuts((shortcut) => {
    if (shortcut === "switcher" && takeField() === undefined) openField(() => press("switcher"));
  });
  root.inert = true;
  document.body.append(element);
  area.setSelectionRange(area.value.length, area.value.length);
  if (matchMedia("(hover: hover)").matches) area.focus();
}

/** Whether the frame on the screen is that of this room. */
export function isFramed(room: string): boolean {
  return frame?.room === room;
}

/**
 * Takes the frame away where there is no composer to go on with: what was typed is the room's draft, and shortcuts are
 * over.
 */
export function leaveFrame(): void {
  if (frame === undefined) return;
  forgetShortcuts();
  takeField();
  remove(frame);
}

function remove({ root, element, left }: Frame): void {
  root.inert = false;
  element.remove();
  left.abort();
  frame = undefined;
}

/**
 * Calls `take` with what was typed into the frame of this room, at once, or as soon as an input method has ended
 * its word; never if the frame is gone by then. The answer takes the call back.
 */
export function takeFrame(room: string, take: (handover: Handover) => void): () => void {
  const current = frame;
  if (current === undefined || current.room !== room) return () => undefined;
  const now = () => {
    if (frame !== current) return;
    const handover = read(current);
    remove(current);
    take(handover);
    releaseShortcuts();
  };
  if (!current.composing) now();
  else current.waiting = now;
  return () => {
    current.waiting = undefined;
  };
}

function read({ area, said }: Frame): Handover {
  const { value, selectionStart, selectionEnd } = area;
  const ended = lines(said);
  const focused = document.activeElement === area;
  // Changed since: then nothing of it is sent, and all of it is there to be read again.
  if (!value.startsWith(ended))
    return { text: value, said: [], start: selectionStart, end: selectionEnd, focused };
  const at = (position: number) => Math.max(0, position - ended.length);
  return { text: value.slice(ended.length), said, start: at(selectionStart), end: at(selectionEnd), focused };
}

/** Messages as they stand in the text: each with the line's end that ended it. */
function lines(said: readonly string[]): string {
  return said.map((text) => `${text}\n`).join("");
}

/** Whoever begins to type without a place for it means the text area. */
function isTyping({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return target === document.body && key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
}

/** Enter ends a message where it would in the app; the text stays in sight until it is taken over. */
function onKey(event: KeyboardEvent, made: Frame, changed: () => void): void {
  if (event.key !== "Enter" || event.isComposing || event.altKey) return;
  const { area } = made;
  const ended = lines(made.said);
  if (!area.value.startsWith(ended)) made.said = [];
  const text = area.value.slice(made.said.length === 0 ? 0 : ended.length);
  const other = event.shiftKey || event.ctrlKey || event.metaKey;
  // In code, Enter begins a line; where the fence ends is for the app to know.
  const sends = storedEnterKey() === "sends" ? !other && !text.includes("```") : other;
  if (!sends) return;
  event.preventDefault();
  if (text.trim() === "") return;
  made.said = [...made.said, text];
  area.value += "\n";
  changed();
}

function writingArea(name: string): HTMLTextAreaElement {
  const area = document.createElement("textarea");
  const label =
    name === "" ? boot["conversation.write"] : boot["conversation.writeIn"].replace("{name}", name);
  area.className = composer["area"] ?? "";
  area.rows = 1;
  area.dir = "auto";
  // A text area cuts what is too long without a sign.
  area.placeholder = matchMedia(NARROW).matches ? boot["conversation.write"] : label;
  area.ariaLabel = label;
  area.dataset["composer"] = "";
  return area;
}

function build(name: string, topic: string, area: HTMLTextAreaElement): HTMLElement {
  const written = make("bdi");
  const title = make("h1", header["title"], make("span", room["title"], written));
  written.append(name);
  title.dir = "auto";
  const words = make("div", header["words"], title);
  if (topic !== "") words.append(make("div", header["detail"], document.createTextNode(topic)));
  // Where the app has the way back, on phones, and the sign of the room's kind.
  const [back, sign] = [make("span", `${header["back"]} ${styles["back"]}`), make("span", styles["sign"])];
  const head = make("header", header["header"], back, sign, words);
  const writing = make("div", composer["composer"], make("div", `${composer["box"]} ${styles["box"]}`, area));
  const main = make("main", shell["main"], head, make("div", styles["messages"]), writing);
  const whole = make(
    "div",
    `${shell["shell"]} ${styles["frame"]}`,
    make("div", shell["banner"]),
    make("div", shell["sidebar"]),
    main,
  );
  whole.dataset["chosen"] = "";
  return whole;
}

function make(tag: string, className = "", ...children: readonly Node[]): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}
