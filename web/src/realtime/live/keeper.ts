/** Keeps copies on this device up to date, not more often than is useful, and never after its end. */
import type { Kept, KeptList, KeptStorage } from "@/sync/kept/kept";
import type { KeptRoom } from "@/sync/kept/room";
import type { PersonId, RoomId } from "@/sync/model";

/** What comes together is written together. */
const SOON_MS = 300;
/** Between two times of writing. So much of what happened last may be missing later; the server has it. */
const PAUSE_MS = 3_000;

export interface KeeperSources {
  readonly list: () => KeptList | undefined;
  readonly room: (id: RoomId) => KeptRoom | undefined;
}

export class Keeper {
  readonly #person: PersonId;
  readonly #storage: KeptStorage;
  readonly #sources: KeeperSources;
  readonly #stop: AbortSignal;
  #listChanged = false;
  readonly #roomsChanged = new Set<RoomId>();
  #flushed_ms = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(person: PersonId, storage: KeptStorage, sources: KeeperSources, stop: AbortSignal) {
    this.#person = person;
    this.#storage = storage;
    this.#sources = sources;
    this.#stop = stop;
    stop.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
    // A page that is left may never run again.
    const left = () => {
      if (document.visibilityState === "hidden") this.#flush();
    };
    document.addEventListener("visibilitychange", left, { signal: stop });
  }

  open(): Promise<Kept> {
    return this.#storage.open(this.#person);
  }

  listChanged(): void {
    this.#listChanged = true;
    this.#soon();
  }

  roomChanged(id: RoomId): void {
    this.#roomsChanged.add(id);
    this.#soon();
  }

  #soon(): void {
    if (this.#stop.aborted) return;
    const wait_ms = Math.max(SOON_MS, this.#flushed_ms + PAUSE_MS - performance.now());
    this.#timer ??= setTimeout(() => this.#flush(), wait_ms);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushed_ms = performance.now();
    // Signed out: what was kept is being deleted.
    if (this.#stop.aborted) return;
    for (const id of this.#roomsChanged) {
      const room = this.#sources.room(id);
      if (room !== undefined) void this.#storage.putRoom(this.#person, room);
    }
    this.#roomsChanged.clear();
    const list = this.#listChanged ? this.#sources.list() : undefined;
    this.#listChanged = false;
    // Last: rooms that aren't in it any more go with it.
    if (list !== undefined) void this.#storage.putList(this.#person, list);
  }
}
