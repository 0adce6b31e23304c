/** What the outbox needs of the world. Tests pass fakes; the app passes IndexedDB, Web Locks and the API. */
import type { Message, RoomId, Serial } from "../model.ts";
import type { NewEntry, OutboxEntry } from "./entry.ts";

/**
 * Shared by all tabs of one person in one browser. Each call is one transaction. No call rejects: where the browser
 * refuses to store anything, the adapter goes on in memory.
 */
export interface OutboxStorage {
  all(): Promise<readonly OutboxEntry[]>;
  /** Gives the entry an order above every earlier one's. Appending an id twice changes nothing. */
  append(entry: NewEntry): Promise<void>;
  /** Reads, changes and writes in one step; `undefined` removes. An absent entry is left absent. Answers what is there now. */
  change(
    id: string,
    change: (entry: OutboxEntry) => OutboxEntry | undefined,
  ): Promise<OutboxEntry | undefined>;
}

/** Tells the other tabs. Nothing is promised about delivery: the storage is the truth. */
export interface OutboxSignal {
  send(signal: Signal): void;
  listen(listener: (signal: Signal) => void): () => void;
}

export type Signal =
  | { readonly kind: "changed" }
  /** A tab had a message stored: the others show it without waiting for the stream. */
  | { readonly kind: "stored"; readonly room: RoomId; readonly message: Message };

/** One tab at a time sends. `run` is called while this tab is the one, and ends when `stop` fires. */
export interface SenderLock {
  hold(run: (stop: AbortSignal) => Promise<void>, stop: AbortSignal): Promise<void>;
}

export type SendResult =
  | { readonly kind: "stored"; readonly serial: Serial; readonly sent_ms: number; readonly text: string }
  /** Never this message: it is too long, the room is archived, one may not write. */
  | { readonly kind: "refused"; readonly detail?: string | undefined }
  /** Perhaps later; `after_ms` where the server said when. `reached` is false when no server was reached. */
  | { readonly kind: "later"; readonly after_ms?: number | undefined; readonly reached: boolean }
  /** The session is over: everything waits for the next sign-in. */
  | { readonly kind: "session_ended" };

export type LookResult =
  | { readonly kind: "found"; readonly message: Message }
  | { readonly kind: "absent" }
  /** Too far back to tell. */
  | { readonly kind: "unknown" }
  | { readonly kind: "later"; readonly reached: boolean }
  | { readonly kind: "session_ended" };

/** Neither call rejects: an exception of the network is an answer, `later`. */
export interface OutboxServer {
  send(entry: OutboxEntry): Promise<SendResult>;
  /** Looks for the entry's id among the room's messages behind `after_serial`. */
  look(entry: OutboxEntry): Promise<LookResult>;
}

export interface OutboxClock {
  now_ms(): number;
  random(): number;
  /** Calls back once after `delay_ms`; returns the way to cancel. */
  after(delay_ms: number, call: () => void): () => void;
}
