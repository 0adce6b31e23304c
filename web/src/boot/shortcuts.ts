/**
 * The shortcuts that hold wherever one is, in one table. Who answers them registers; while a room's frame is on the
 * screen nobody does yet, and what is pressed then waits in order for whoever takes over.
 */
import { hasMod } from "@/ui/layout/mod";

/** The quick switcher; the next room with something unread. */
export type Shortcut = "switcher" | "nextUnread";

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const TABLE: Readonly<Record<Shortcut, (event: Keys) => boolean>> = {
  switcher: (event) => hasMod(event) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k",
  nextUnread: (event) => event.altKey && event.shiftKey && event.key === "ArrowDown",
};

/** More than anybody presses on purpose before they see something happen. */
const KEPT_MAX = 8;
/** Whoever pressed it so long ago has gone on to something else. */
const KEPT_MS_MAX = 60_000;

interface Pressed {
  readonly shortcut: Shortcut;
  readonly at_ms: number;
}

const answering = new Map<Shortcut, () => void>();
let kept: Pressed[] = [];
let onKept: ((shortcut: Shortcut) => void) | undefined;

/** The shortcut that these keys are. */
export function shortcutOf(event: Keys): Shortcut | undefined {
  return (Object.keys(TABLE) as Shortcut[]).find((shortcut) => TABLE[shortcut](event));
}

/** From now on shortcuts are kept, and `note` hears of each that was, until they are released or forgotten. */
export function keepShortcuts(note: (shortcut: Shortcut) => void): void {
  onKept = note;
  listen();
}

/** Hands on what was kept, in order: now, or as soon as somebody answers it. */
export function releaseShortcuts(): void {
  onKept = undefined;
  handOn();
}

/** Lets go of what was kept: where the app goes on with something else. */
export function forgetShortcuts(): void {
  onKept = undefined;
  kept = [];
}

/** Calls `run` at each press of a shortcut, and for those that wait; the answer takes it back. */
export function answerShortcut(shortcut: Shortcut, run: () => void): () => void {
  answering.set(shortcut, run);
  listen();
  handOn();
  return () => {
    if (answering.get(shortcut) === run) answering.delete(shortcut);
  };
}

/** What pressing the keys does. Answers whether it did something. */
export function press(shortcut: Shortcut): boolean {
  if (onKept !== undefined) {
    if (kept.length === KEPT_MAX) return true;
    kept.push({ shortcut, at_ms: performance.now() });
    onKept(shortcut);
    return true;
  }
  const run = answering.get(shortcut);
  if (run === undefined) return false;
  // Who could not be answered till now has seen the app since, and asked for something else.
  kept = [];
  run();
  return true;
}

/** Once, however often it is asked for: a listener that is there already isn't added again. */
function listen(): void {
  window.addEventListener("keydown", onKey);
}

function onKey(event: KeyboardEvent): void {
  const shortcut = event.isComposing ? undefined : shortcutOf(event);
  if (shortcut !== undefined && press(shortcut)) event.preventDefault();
}

/** The first that nobody answers holds up those behind it, until it is too old. */
function handOn(): void {
  if (onKept !== undefined) return;
  kept = kept.filter(({ at_ms }) => performance.now() - at_ms < KEPT_MS_MAX);
  for (let first = kept[0]; first !== undefined; first = kept[0]) {
    const run = answering.get(first.shortcut);
    if (run === undefined) return;
    kept.shift();
    run();
  }
}
