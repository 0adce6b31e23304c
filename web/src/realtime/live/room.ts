/** One room as this tab follows it: its timeline, who types, who is here, and what is being fetched. */
import { type KeptRoom, restoredTimeline, withoutGone } from "@/sync/kept/room";
import type { Message, PersonId, RoomId, Serial } from "@/sync/model";
import { backoffMs } from "@/sync/outbox/entry";
import { faded, noReactions, REACTION_MS, type Reaction, reacted } from "@/sync/reactions";
import { createStore, type Store } from "@/sync/store";
import { emptyTimeline, reduceTimeline, type Timeline, type TimelineEvent } from "@/sync/timeline/state";
import { hasSpoken, nobodyTypes, nowTyping } from "@/sync/typing";
import type { OpenRoom, Realtime, RoomLink, RoomListener } from "../port";

/** Messages to a page: more than fill a tall screen. */
export const PAGE = 50;
/** What a closed room keeps, so that it opens at once. */
const KEPT = 200;

/** What is being fetched. `before` names the gap; undefined is the newest page. */
export interface Fetching {
  readonly newest: "idle" | "loading" | "failed";
  readonly loading_before: ReadonlySet<Serial>;
  readonly failed_before: ReadonlySet<Serial>;
}

const IDLE: Fetching = { newest: "idle", loading_before: new Set(), failed_before: new Set() };

export class RoomLive implements RoomListener {
  readonly id: RoomId;
  readonly timeline: Store<Timeline>;
  readonly roomLink: Store<RoomLink> = createStore<RoomLink>({ state: "attaching" });
  readonly typingPeople: Store<readonly PersonId[]> = createStore(nobodyTypes);
  readonly presentPeople: Store<ReadonlySet<PersonId>> = createStore<ReadonlySet<PersonId>>(new Set());
  readonly reactions: Store<readonly Reaction[]> = createStore(noReactions);
  readonly fetching: Store<Fetching> = createStore(IDLE);
  /** Called for each message that comes live. */
  readonly heard = new Set<(message: Message) => void>();
  readonly #realtime: Promise<Realtime>;
  readonly #arrived: (messages: readonly Message[]) => void;
  /** The newest message that was kept, until the server's first page has judged what was. */
  #restored: Serial | undefined;
  #open: OpenRoom | undefined;
  #present = false;
  #closed = false;
  #failures = 0;
  #fading: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** `arrived` hears of everything that the server is seen to have; `before` is what was kept from the last time. */
  constructor(
    id: RoomId,
    realtime: Promise<Realtime>,
    arrived: (messages: readonly Message[]) => void,
    before: Timeline = emptyTimeline,
  ) {
    this.id = id;
    this.#realtime = realtime;
    this.#arrived = arrived;
    this.timeline = createStore(before);
    void this.#start();
  }

  /** Shows what this device has kept, unless the server was faster. */
  restore(kept: KeptRoom): void {
    const { messages, joined } = this.timeline.get();
    if (this.#closed || joined || messages.length > 0) return;
    this.#restored = kept.messages.at(-1)?.serial;
    const { run, started, afloat } = this.timeline.get();
    this.timeline.set({ ...restoredTimeline(kept), run, started, afloat });
  }

  async #start(): Promise<void> {
    const realtime = await this.#realtime;
    if (this.#closed) return;
    this.#open = realtime.open(this.id, this);
    this.#open.setPresent(this.#present);
    // Shown at once, whether or not the connection is up; the page of the run follows and joins it.
    if (this.timeline.get().messages.length === 0) void this.#early(realtime);
  }

  async #early(realtime: Realtime): Promise<void> {
    this.fetching.update((f) => ({ ...f, newest: "loading" }));
    try {
      const page = await realtime.history(this.id, undefined, PAGE);
      if (!this.timeline.get().joined) this.#apply({ kind: "page_before_run", run: -1, ...page });
    } catch {
      // The run's own page is on its way, and says so if it fails.
    }
  }

  link(link: RoomLink): void {
    this.roomLink.set(link);
    if (link.state !== "attached") this.presentPeople.set(new Set());
    if (link.state === "refused") this.fetching.update((f) => ({ ...f, newest: "idle" }));
  }

  runBegan(): void {
    this.#apply({ kind: "run_began" });
    this.#failures = 0;
    // What couldn't be had without a connection may be had now.
    this.fetching.update((f) => ({ ...f, failed_before: new Set() }));
    void this.fetchNewest();
  }

  live(message: Message): void {
    this.#apply({ kind: "live", message });
    this.typingPeople.update((typing) => hasSpoken(typing, message.author));
    for (const hear of this.heard) hear(message);
  }

  typing(people: ReadonlySet<PersonId>): void {
    this.typingPeople.update((before) => nowTyping(before, people));
  }

  present(people: ReadonlySet<PersonId>): void {
    this.presentPeople.set(people);
  }

  reacted(author: PersonId, name: string): void {
    if (this.#closed) return;
    this.reactions.update((before) => reacted(before, author, name, Date.now()));
    this.#fading ??= setTimeout(() => this.#fade(), REACTION_MS);
  }

  /** A message of one's own that the server has stored. */
  confirmed(message: Message): void {
    this.#apply({ kind: "confirmed", message });
  }

  async fetchNewest(): Promise<void> {
    clearTimeout(this.#retry);
    const run = this.timeline.get().run;
    if (this.#open === undefined) return;
    this.fetching.update((f) => ({ ...f, newest: "loading" }));
    try {
      const page = await this.#open.newest(PAGE);
      this.#apply({ kind: "page_before_run", run, ...page });
      this.fetching.update((f) => ({ ...f, newest: "idle" }));
    } catch {
      if (this.#closed || run !== this.timeline.get().run) return;
      this.fetching.update((f) => ({ ...f, newest: "failed" }));
      this.#failures += 1;
      this.#retry = setTimeout(() => void this.fetchNewest(), backoffMs(this.#failures, Math.random()));
    }
  }

  /** Fetches what lies directly before a message that has a gap before it. */
  async fetchBefore(before: Serial): Promise<void> {
    if (this.fetching.get().loading_before.has(before)) return;
    this.#fetchingBefore(before, true, false);
    try {
      const page = await (await this.#realtime).history(this.id, before, PAGE);
      this.#apply({ kind: "page_before", before, ...page });
      this.#fetchingBefore(before, false, false);
    } catch {
      this.#fetchingBefore(before, false, true);
    }
  }

  setPresent(present: boolean): void {
    this.#present = present;
    this.#open?.setPresent(present);
  }

  typed(): void {
    this.#open?.typed();
  }

  stoppedTyping(): void {
    this.#open?.stoppedTyping();
  }

  react(name: string): void {
    this.#open?.react(name);
  }

  /** Ends following; what is worth keeping for the next time is the answer. */
  close(): Timeline {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#fading);
    this.#open?.close();
    return reduceTimeline(this.timeline.get(), { kind: "trimmed", keep: KEPT });
  }

  #fade(): void {
    this.reactions.update((before) => faded(before, Date.now()));
    const [next] = this.reactions.get();
    this.#fading = next && setTimeout(() => this.#fade(), next.until_ms - Date.now());
  }

  #apply(event: TimelineEvent): void {
    if (this.#closed) return;
    this.timeline.update((timeline) => reduceTimeline(this.#judged(timeline, event), event));
    if (event.kind === "live") this.#arrived([event.message]);
    if (event.kind === "page_before_run" || event.kind === "page_before") this.#arrived(event.items);
  }

  #judged(timeline: Timeline, event: TimelineEvent): Timeline {
    if (event.kind !== "page_before_run" || this.#restored === undefined) return timeline;
    const agreed = withoutGone(timeline, event, this.#restored);
    this.#restored = undefined;
    return agreed;
  }

  #fetchingBefore(before: Serial, loading: boolean, failed: boolean): void {
    this.fetching.update((f) => ({
      ...f,
      loading_before: with_(f.loading_before, before, loading),
      failed_before: with_(f.failed_before, before, failed),
    }));
  }
}

function with_(set: ReadonlySet<Serial>, serial: Serial, has: boolean): ReadonlySet<Serial> {
  if (set.has(serial) === has) return set;
  const next = new Set(set);
  if (has) next.add(serial);
  else next.delete(serial);
  return next;
}
