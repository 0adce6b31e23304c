import type { Tone } from "./Banner";

/** A short word about something that just happened. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: Tone;
  /** Something to do about it, as "Undo". A toast with an action stays longer. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays, in milliseconds; undefined: until dismissed. */
  readonly lasts_ms: number | undefined;
}

/** More than this at once would cover the page; the oldest goes. */
const SHOWN_MAX = 3;
const LASTS_MS = 5_000;
const LASTS_WITH_ACTION_MS = 10_000;

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(changed: readonly Toast[]): void {
  toasts = changed;
  for (const listener of listeners) listener();
}

/** Shows a toast; returns its id. Errors stay until dismissed, since nobody should miss one by blinking. */
export function toast(
  text: string,
  options: { tone?: Tone; action?: Toast["action"]; sticky?: boolean } = {},
): number {
  const { tone = "info", action, sticky = tone === "danger" } = options;
  const lasts_ms = sticky ? undefined : action === undefined ? LASTS_MS : LASTS_WITH_ACTION_MS;
  const made: Toast = { id: next++, text, tone, lasts_ms, ...(action === undefined ? {} : { action }) };
  // The same words twice in sight say nothing new.
  const others = toasts.filter((one) => one.text !== text);
  set([...others, made].slice(-SHOWN_MAX));
  return made.id;
}

/** Takes a toast away. */
export function dismissToast(id: number): void {
  if (toasts.some((one) => one.id === id)) set(toasts.filter((one) => one.id !== id));
}

/** For useSyncExternalStore. */
export const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: () => toasts,
};
