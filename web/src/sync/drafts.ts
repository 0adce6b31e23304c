/**
 * What is written and not sent, per room. It outlives the page, the session and a crash; it goes when it is sent,
 * emptied, or pushed out by newer ones.
 */
import type { PersonId, RoomId } from "./model";

/** Synchronous on purpose: a page that is being closed waits for nobody. */
export interface TextStorage {
  get(key: string): string | null;
  /** May refuse when full; the draft then lives in memory alone. */
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): readonly string[];
}

export interface Draft {
  readonly text: string;
  readonly changed_ms: number;
}

/** Older drafts go when there are more. */
export const DRAFTS_MAX = 200;

/** One person's drafts in one browser; each is stored under a key of its own, so that tabs don't overwrite each other's. */
export class Drafts {
  private readonly prefix: string;
  private readonly storage: TextStorage;
  private readonly now_ms: () => number;
  private readonly memory = new Map<RoomId, Draft>();

  constructor(person: PersonId, storage: TextStorage, now_ms: () => number) {
    this.prefix = `loquat.draft.${person}.`;
    this.storage = storage;
    this.now_ms = now_ms;
  }

  get(room: RoomId): string {
    return (this.memory.get(room) ?? parse(this.storage.get(this.prefix + room)))?.text ?? "";
  }

  set(room: RoomId, text: string): void {
    if (text.trim() === "") {
      this.memory.delete(room);
      this.storage.remove(this.prefix + room);
      return;
    }
    const draft = { text, changed_ms: this.now_ms() };
    this.memory.set(room, draft);
    if (this.storage.get(this.prefix + room) === null) this.makeRoom();
    try {
      this.storage.set(this.prefix + room, JSON.stringify(draft));
    } catch {
      // Full or forbidden: this tab still has it.
    }
  }

  /** The rooms with a draft. */
  rooms(): ReadonlySet<RoomId> {
    const stored = this.keys().map((key) => key.slice(this.prefix.length));
    return new Set([...stored, ...this.memory.keys()]);
  }

  /** Another tab changed a draft: what this tab remembers of it is old. */
  changedElsewhere(key: string): RoomId | undefined {
    if (!key.startsWith(this.prefix)) return undefined;
    const room = key.slice(this.prefix.length);
    this.memory.delete(room);
    return room;
  }

  private keys(): string[] {
    return this.storage.keys().filter((key) => key.startsWith(this.prefix));
  }

  private makeRoom(): void {
    const keys = this.keys();
    if (keys.length < DRAFTS_MAX) return;
    const age = (key: string) => parse(this.storage.get(key))?.changed_ms ?? 0;
    const oldest = keys.sort((a, b) => age(a) - age(b)).slice(0, keys.length - DRAFTS_MAX + 1);
    for (const key of oldest) this.storage.remove(key);
  }
}

function parse(stored: string | null): Draft | undefined {
  if (stored === null) return undefined;
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value !== "object" || value === null) return undefined;
    const { text, changed_ms } = value as Partial<Draft>;
    return typeof text === "string" && typeof changed_ms === "number" ? { text, changed_ms } : undefined;
  } catch {
    return undefined;
  }
}
