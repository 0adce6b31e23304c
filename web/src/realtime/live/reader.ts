/** Carries read markers to the server, as often as is useful. */
import { api, call, isTransient } from "@/api";
import type { RoomId, RoomListing, Serial } from "@/sync/model";
import {
  forget,
  noteListings,
  noteRead,
  nothingRead,
  type ReadState,
  type Report,
  reportFailed,
  takeReports,
} from "@/sync/reading";
import { createStore, type Store } from "@/sync/store";

const RETRY_MS = 5_000;

export class Reader {
  readonly state: Store<ReadState> = createStore(nothingRead);
  readonly #stop: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stop: AbortSignal) {
    this.#stop = stop;
    stop.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  /** The room has been read up to `serial`, here. */
  read(room: RoomId, serial: Serial): void {
    this.state.update((state) => noteRead(state, room, serial));
    this.#pump();
  }

  /** What the server says of the rooms. */
  listed(listings: Iterable<RoomListing>): void {
    this.state.update((state) => noteListings(state, listings));
    this.#pump();
  }

  /** Sets the marker back to before `serial`, or reads everything: an action of its own, not a consequence of looking. */
  async mark(room: RoomId, serial: Serial | undefined, backwards: boolean): Promise<void> {
    this.state.update((state) => forget(state, room));
    const body = serial === undefined ? {} : { serial, backwards };
    await call(api.PUT("/me/rooms/{room}/read", { params: { path: { room } }, body }));
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#stop.aborted) return;
    const now_ms = Date.now();
    const { state, reports, look_again_ms } = takeReports(this.state.get(), now_ms);
    this.state.set(state);
    for (const report of reports) void this.#report(report);
    if (look_again_ms !== undefined) this.#again(look_again_ms - now_ms);
  }

  #again(delay_ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), delay_ms);
  }

  async #report(report: Report): Promise<void> {
    try {
      const params = { path: { room: report.room } };
      await call(api.PUT("/me/rooms/{room}/read", { params, body: { serial: report.serial } }));
    } catch (error) {
      if (!isTransient(error) || this.#stop.aborted) return;
      this.state.update((state) => reportFailed(state, report));
      this.#again(RETRY_MS);
    }
  }
}
