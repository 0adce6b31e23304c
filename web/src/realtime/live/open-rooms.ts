/** The rooms this tab follows: the one that is shown, and a few that were shown last, so that going back is instant. */
import type { KeptRoom } from "@/sync/kept/room";
import type { Message, RoomId } from "@/sync/model";
import type { Timeline } from "@/sync/timeline/state";
import type { Realtime } from "../port";
import { RoomLive } from "./room";

/** Rooms that stay attached, the shown one included. */
const ATTACHED_MAX = 5;
/** Timelines of closed rooms that are remembered. */
const REMEMBERED_MAX = 30;

export class OpenRooms {
  readonly #realtime: Promise<Realtime>;
  readonly #arrived: (messages: readonly Message[]) => void;
  readonly #changed: (id: RoomId) => void;
  /** In the order of their last use, the latest last. */
  readonly #open = new Map<RoomId, RoomLive>();
  readonly #remembered = new Map<RoomId, Timeline>();
  /** What this device kept of rooms that weren't opened since. */
  readonly #kept = new Map<RoomId, KeptRoom>();

  /** `changed` hears when a room's timeline is another. */
  constructor(
    realtime: Promise<Realtime>,
    arrived: (messages: readonly Message[]) => void,
    changed: (id: RoomId) => void = () => undefined,
  ) {
    this.#realtime = realtime;
    this.#arrived = arrived;
    this.#changed = changed;
  }

  /** Shows what was kept of rooms, where the server hasn't been faster. */
  restore(rooms: readonly KeptRoom[]): void {
    for (const kept of rooms) {
      const open = this.#open.get(kept.room);
      if (open !== undefined) open.restore(kept);
      else if (!this.#remembered.has(kept.room)) this.#kept.set(kept.room, kept);
    }
  }

  /** The room, attached or about to be. */
  open(id: RoomId): RoomLive {
    const room = this.#open.get(id) ?? this.#make(id);
    this.#open.delete(id);
    this.#open.set(id, room);
    this.#remembered.delete(id);
    for (const [old, live] of this.#open) {
      if (this.#open.size <= ATTACHED_MAX) break;
      this.#close(old, live);
    }
    return room;
  }

  /** The room if it is open. */
  get(id: RoomId): RoomLive | undefined {
    return this.#open.get(id);
  }

  /** One is no member any more: nothing of it is kept. */
  forget(id: RoomId): void {
    const room = this.#open.get(id);
    if (room !== undefined) this.#close(id, room);
    this.#remembered.delete(id);
    this.#kept.delete(id);
  }

  closeAll(): void {
    for (const [id, room] of this.#open) this.#close(id, room);
    this.#remembered.clear();
    this.#kept.clear();
  }

  #make(id: RoomId): RoomLive {
    const room = new RoomLive(id, this.#realtime, this.#arrived, this.#remembered.get(id));
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (kept !== undefined) room.restore(kept);
    room.timeline.subscribe(() => this.#changed(id));
    return room;
  }

  #close(id: RoomId, room: RoomLive): void {
    this.#open.delete(id);
    this.#remembered.set(id, room.close());
    for (const old of this.#remembered.keys()) {
      if (this.#remembered.size <= REMEMBERED_MAX) break;
      this.#remembered.delete(old);
    }
  }
}
