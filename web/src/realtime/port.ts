/**
 * What the app asks of a realtime client. The official SDK is behind it in production, a made-up world in
 * development without a server; nothing else of the app knows which.
 */
import type { Message, PersonalEvent, PersonId, RoomId, Serial } from "@/sync/model";

/** How the connection is, as the client reports it. */
export type Link =
  | { readonly state: "connecting" }
  | { readonly state: "connected" }
  /** Lost; the next attempt is due at `retry_at_ms`, where one is planned. `long`: for so long that it is no hiccup. */
  | { readonly state: "lost"; readonly long: boolean; readonly retry_at_ms?: number | undefined }
  /** No further attempt will be made by itself. */
  | { readonly state: "failed"; readonly detail: string };

export interface RealtimeListener {
  link(link: Link): void;
  /** An event for this person. Some may have been missed before each {@link attached}. */
  personal(event: PersonalEvent): void;
  /** The person's own channel is attached, again or for the first time: only a fresh snapshot is complete now. */
  attached(): void;
}

export interface Page {
  /** In any order, without holes between the oldest and the newest. */
  readonly items: readonly Message[];
  readonly start_reached: boolean;
}

export type RoomLink =
  | { readonly state: "attaching" }
  | { readonly state: "attached" }
  | { readonly state: "lost" }
  /** Refused: no member (any more), or no such room. */
  | { readonly state: "refused"; readonly detail: string };

export interface RoomListener {
  link(link: RoomLink): void;
  /** Live delivery begins, without anything from before; {@link OpenRoom.newest} then ends where it begins. */
  runBegan(): void;
  live(message: Message): void;
  typing(people: ReadonlySet<PersonId>): void;
  present(people: ReadonlySet<PersonId>): void;
  /** Somebody reacted to what goes on; it is stored nowhere. */
  reacted(author: PersonId, name: string): void;
}

export interface OpenRoom {
  /** The newest messages before the present run's beginning. */
  newest(limit: number): Promise<Page>;
  /** Shows oneself as being in the room, or no longer. */
  setPresent(present: boolean): void;
  /** A key was pressed in the composer; the client throttles. */
  typed(): void;
  stoppedTyping(): void;
  /** Shows a reaction to whoever is here now; without a connection nothing comes of it. */
  react(name: string): void;
  close(): void;
}

export interface Realtime {
  open(room: RoomId, listener: RoomListener): OpenRoom;
  /** Messages that end directly before `before` (it may be among them), or the newest of all. */
  history(room: RoomId, before: Serial | undefined, limit: number): Promise<Page>;
  retryNow(): void;
  close(): void;
}

export type StartRealtime = (me: PersonId, listener: RealtimeListener) => Realtime;
