/** The rooms this tab follows: the one that is shown, and a few that were shown last, so that going back is instant. */
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
  /** In the order of their last use, the latest last. */
  readonly #open = new Map<RoomId, RoomLive>();
  readonly #remembered = new Map<RoomId, Timeline>();

  constructor(realtime: Promise<Realtime>, arrived: (messages: readonly Message[]) => void) {
    this.#realtime = realtime;
    this.#arrived = arrived;
  }

  /** The room, attached or about to be. */
  open(id: RoomId): RoomLive {
    const room =
      this.#open.get(id) ?? new RoomLive(id, this.#realtime, this.#arrived, this.#remembered.get(id));
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
  }

  closeAll(): void {
    for (const [id, room] of this.#open) this.#close(id, room);
    this.#remembered.clear();
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
