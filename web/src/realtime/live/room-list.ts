/**
 * The room list kept up to date: a snapshot first, then events, and a snapshot again after each break of the
 * connection, because events are stored nowhere.
 */
import { api, call } from "@/api";
import { followLists, type Lists, noLists, restoreList } from "@/sync/kept/list";
import type { PersonalEvent, RoomSnapshot } from "@/sync/model";
import { backoffMs } from "@/sync/outbox/entry";
import type { RoomsEvent, RoomsState } from "@/sync/rooms/state";
import { createStore, type Store } from "@/sync/store";

export class RoomListSync {
  /** What people see: the server's list, or until it has come the one that this device has kept. */
  readonly state: Store<RoomsState> = createStore(noLists.shown);
  /** Why the list can't be had; undefined as soon as it can. */
  readonly failure: Store<unknown> = createStore<unknown>(undefined);
  readonly #stop: AbortSignal;
  #lists = noLists;
  #running = false;
  #again = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stop: AbortSignal) {
    this.#stop = stop;
    stop.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  /** Asks for a fresh snapshot. Asked for while one is under way, another one follows: that one may be too old. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      const data = await call(api.GET("/me/rooms", { signal: this.#stop }));
      this.apply({ name: "snapshot", data });
      this.#failures = 0;
      this.failure.set(undefined);
    } catch (error) {
      if (!this.#stop.aborted) this.#failed(error);
    } finally {
      this.#running = false;
    }
    if (!this.#again || this.#stop.aborted) return;
    this.#again = false;
    await this.refresh();
  }

  apply(event: RoomsEvent): void {
    this.#set(followLists(this.#lists, event));
  }

  /** Shows what was kept, unless the server was faster. */
  restore(snapshot: RoomSnapshot): void {
    this.#set(restoreList(this.#lists, snapshot));
  }

  /** Takes what concerns the list. */
  personal(event: PersonalEvent): void {
    if (event.name !== "person.changed" && event.name !== "session.ended") this.apply(event);
  }

  #set(lists: Lists): void {
    this.#lists = lists;
    this.state.set(lists.shown);
  }

  #failed(error: unknown): void {
    this.failure.set(error);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.refresh(), backoffMs(this.#failures, Math.random()));
  }
}
