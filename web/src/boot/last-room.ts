/** The room that was open last on this device, by name: enough to draw its frame before anything has answered. */
export interface LastRoom {
  /** Whose draft belongs into it. */
  readonly person: string;
  readonly room: string;
  readonly name: string;
  /** The line below the name; an app of before didn't keep it. */
  readonly topic?: string;
}

const STORED = "loquat:last-room";

/** A room as it was written down by the server or by this app; undefined for anything else. */
export function readLastRoom(text: string | null | undefined): LastRoom | undefined {
  try {
    const { person, room, name, topic } = (JSON.parse(text ?? "null") ?? {}) as Partial<LastRoom>;
    if (typeof person !== "string" || typeof room !== "string" || typeof name !== "string") return undefined;
    return typeof topic === "string" ? { person, room, name, topic } : { person, room, name };
  } catch {
    return undefined;
  }
}

export function lastRoom(): LastRoom | undefined {
  try {
    return readLastRoom(localStorage.getItem(STORED));
  } catch {
    return undefined;
  }
}

export function keepLastRoom(last: LastRoom): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(last));
  } catch {
    // Forbidden or full: the next opening waits for the server's answer.
  }
}

/** Whoever signs out leaves no names behind. */
export function forgetLastRoom(): void {
  try {
    localStorage.removeItem(STORED);
  } catch {
    // Then nothing was kept either.
  }
}
