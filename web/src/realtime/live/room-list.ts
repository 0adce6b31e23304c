/**
 * The room list kept up to date: a snapshot first, then events, and a snapshot again after each break of the
 * connection, because events are stored nowhere.
 */
import { api, call } from "@/api";
import type { PersonalEvent } from "@/sync/model";
import { backoffMs } from "@/sync/outbox/entry";
import { emptyRooms, type RoomsEvent, type RoomsState, reduceRooms } from "@/sync/rooms/state";
import { createStore, type Store } from "@/sync/store";

export class RoomListSync {
  readonly state: Store<RoomsState> = createStore(emptyRooms);
  /** Why the list can't be had; undefined as soon as it can. */
  readonly failure: Store<unknown> = createStore<unknown>(undefined);
  readonly #stop: AbortSignal;
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
    this.state.update((state) => reduceRooms(state, event));
  }

  /** Takes what concerns the list. */
  personal(event: PersonalEvent): void {
    if (event.name !== "person.changed" && event.name !== "session.ended") this.apply(event);
  }

  #failed(error: unknown): void {
    this.failure.set(error);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.refresh(), backoffMs(this.#failures, Math.random()));
  }
}
