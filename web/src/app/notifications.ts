import { useSyncExternalStore } from "react";
import { useWatched, watched } from "./status/value";

/** What the open tab tells the person about: nothing, what names them and direct messages, or everything. */
export type NotifyAbout = "nothing" | "mentions" | "everything";

/** How notifications stand: what the person wants, and what the browser allows. */
export interface NotifySettings {
  readonly about: NotifyAbout;
  readonly sound: boolean;
}

const STORED = "loquat:notify";
const FIRST: NotifySettings = { about: "nothing", sound: false };

function stored(): NotifySettings {
  try {
    const text = localStorage.getItem(STORED);
    return text === null ? FIRST : { ...FIRST, ...(JSON.parse(text) as Partial<NotifySettings>) };
  } catch {
    return FIRST;
  }
}

/** What the person wants to be told by this browser. */
export const notifySettings = watched<NotifySettings>(stored());

/** Changes what this browser tells the person. */
export function setNotify(change: Partial<NotifySettings>): void {
  const next = { ...notifySettings.get(), ...change };
  try {
    localStorage.setItem(STORED, JSON.stringify(next));
  } catch {
    // Forbidden storage: the choice lasts as long as the page.
  }
  notifySettings.set(next);
}

export function useNotifySettings(): NotifySettings {
  return useWatched(notifySettings);
}

/** What the browser allows; `unsupported` also where a page without TLS may not ask. */
export type Permission = NotificationPermission | "unsupported";

const listeners = new Set<() => void>();

function permission(): Permission {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/** Asks the browser for permission; only after a press, or browsers refuse by themselves. */
export async function askPermission(): Promise<Permission> {
  if (permission() === "default") await Notification.requestPermission();
  for (const listener of listeners) listener();
  return permission();
}

export function usePermission(): Permission {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, permission);
}

interface Note {
  readonly title: string;
  readonly body: string;
  /** One note per tag is shown; a later one takes its place. */
  readonly tag: string;
  readonly onOpen: () => void;
}

/** Shows a note of the system, if the person wants it, the browser allows it and nobody is looking. */
export function notify(note: Note, kind: "mention" | "message"): void {
  const { about, sound } = notifySettings.get();
  const wanted = about === "everything" || (about === "mentions" && kind === "mention");
  if (!wanted || permission() !== "granted" || document.hasFocus()) return;
  try {
    const shown = new Notification(note.title, {
      body: note.body,
      tag: note.tag,
      icon: "/icons/icon-192.png",
      silent: !sound,
    });
    shown.onclick = () => {
      window.focus();
      note.onOpen();
      shown.close();
    };
  } catch {
    // Some phones know the constructor and refuse it; the title still counts.
  }
}
