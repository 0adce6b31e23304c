/** Everything that follows the server on behalf of one signed-in person, in one tab. */
import { openSession } from "@/api";
import { attention } from "@/app/attention";
import { Drafts } from "@/sync/drafts";
import { keepList } from "@/sync/kept/kept";
import { keepRoom } from "@/sync/kept/room";
import type { Message, PersonalEvent, PersonId, RoomActivity, RoomId } from "@/sync/model";
import { Outbox } from "@/sync/outbox/outbox";
import { peopleOf } from "@/sync/rooms/sections";
import { createStore, type Store } from "@/sync/store";
import { keptStorage } from "../browser/kept-storage";
import { type Looking, watchLooking } from "../browser/looking";
import { outboxStorage } from "../browser/outbox-storage";
import { outboxSignal, senderLock } from "../browser/tabs";
import { textStorage } from "../browser/text-storage";
import type { Link, Realtime, RealtimeListener, StartRealtime } from "../port";
import { ConnectionReport } from "./connection-report";
import { Directory } from "./directory";
import { Keeper, type KeeperSources } from "./keeper";
import { OpenRooms } from "./open-rooms";
import { outboxServer } from "./outbox-server";
import { Reader } from "./reader";
import { RoomListSync } from "./room-list";

export class Live implements RealtimeListener {
  readonly me: PersonId;
  readonly rooms: RoomListSync;
  readonly directory = new Directory();
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly reader: Reader;
  readonly looking: Store<Looking>;
  readonly openRooms: OpenRooms;
  /** Called for each activity event, after the list has taken it. */
  readonly active = new Set<(activity: RoomActivity) => void>();
  /** Counts changes of who is in which room, for lists of members on the screen. */
  readonly memberChanges: Store<ReadonlyMap<RoomId, number>> = createStore<ReadonlyMap<RoomId, number>>(
    new Map(),
  );
  readonly #stop = new AbortController();
  readonly #report: ConnectionReport;
  readonly #keeper: Keeper;
  readonly #realtime: Promise<Realtime>;
  readonly #closeSignal: () => void;
  #attachedBefore = false;

  constructor(me: PersonId, start: Promise<StartRealtime>) {
    this.me = me;
    const stop = this.#stop.signal;
    this.rooms = new RoomListSync(stop);
    this.reader = new Reader(stop);
    this.looking = watchLooking(stop);
    this.drafts = new Drafts(me, textStorage(), Date.now);
    this.#realtime = start.then((begin) => begin(me, this));
    this.#report = new ConnectionReport(this.#realtime, stop);
    this.#keeper = new Keeper(me, keptStorage, this.#worthKeeping(), stop);
    this.openRooms = new OpenRooms(
      this.#realtime,
      (messages) => this.#arrived(messages),
      (room) => this.#keeper.roomChanged(room),
    );
    const signal = outboxSignal(me);
    this.#closeSignal = () => signal.close();
    this.outbox = new Outbox(me, {
      storage: outboxStorage(globalThis.indexedDB),
      signal,
      lock: senderLock(me, navigator.locks),
      server: outboxServer(() => this.#realtime),
      clock: {
        now_ms: Date.now,
        random: Math.random,
        after: (delay_ms, call) => {
          const timer = setTimeout(call, delay_ms);
          return () => clearTimeout(timer);
        },
      },
      onStored: (room, message) => this.openRooms.get(room)?.confirmed(message),
      onSessionEnded: () => undefined,
    });
    this.#begin();
  }

  /** Ends everything; what is stored stays for the next time. */
  close(): void {
    this.#stop.abort();
    this.outbox.stop();
    this.openRooms.closeAll();
    this.#closeSignal();
    void this.#realtime.then((realtime) => realtime.close());
  }

  /** After signing in again: everything that waited goes on now. */
  sessionRenewed(): void {
    this.outbox.setPaused(false);
    void this.rooms.refresh();
    void this.#realtime.then((realtime) => realtime.retryNow());
  }

  /** The newest message of a room, open or not. */
  async newestOf(room: RoomId): Promise<Message | undefined> {
    const { items } = await (await this.#realtime).history(room, undefined, 1);
    return items[0];
  }

  link(link: Link): void {
    this.#report.link(link);
    if (link.state === "connected") this.outbox.setOnline(true);
  }

  attached(): void {
    void this.rooms.refresh();
    if (this.#attachedBefore) this.directory.recheck();
    this.#attachedBefore = true;
  }

  personal(event: PersonalEvent): void {
    this.rooms.personal(event);
    switch (event.name) {
      case "person.changed":
        this.directory.learn([event.data.person]);
        break;
      case "session.ended":
        // It may be another session of ours; the server knows.
        openSession().catch(() => undefined);
        break;
      case "room.removed":
        this.openRooms.forget(event.data.room);
        break;
      case "room.activity":
        for (const listener of this.active) listener(event.data);
        break;
      case "room.changed":
        this.#membersChanged(event.data.listing.room.id);
        break;
      case "member.changed":
        this.#membersChanged(event.data.room);
        break;
    }
  }

  /** A message of ours that the server is seen to have leaves the outbox, whatever became of the answer. */
  #arrived(messages: readonly Message[]): void {
    for (const { author, local_id } of messages) {
      if (author === this.me && local_id !== undefined) void this.outbox.seen(local_id);
    }
  }

  #begin(): void {
    const { signal } = this.#stop;
    void this.#restore();
    void this.rooms.refresh();
    void this.outbox.start();
    this.rooms.state.subscribe(() => this.#listChanged());
    this.outbox.setOnline(navigator.onLine);
    window.addEventListener("online", () => this.outbox.setOnline(true), { signal });
    window.addEventListener("offline", () => this.outbox.setOnline(false), { signal });
  }

  /** What was here the last time, so that there is something to see before the server has answered, or without it. */
  async #restore(): Promise<void> {
    const { list, rooms } = await this.#keeper.open();
    if (this.#stop.signal.aborted) return;
    this.openRooms.restore(rooms);
    if (list === undefined) return;
    this.directory.restore(list.people);
    this.rooms.restore(list.snapshot);
  }

  #worthKeeping(): KeeperSources {
    return {
      list: () => keepList(this.rooms.state.get(), this.directory.people.get()),
      room: (id) => {
        const room = this.openRooms.get(id);
        return room && keepRoom(id, room.timeline.get(), Date.now());
      },
    };
  }

  #listChanged(): void {
    this.#keeper.listChanged();
    const { listings } = this.rooms.state.get();
    this.directory.want(peopleOf(listings.values()));
    this.reader.listed(listings.values());
    let unread = 0;
    let mentions = 0;
    for (const listing of listings.values()) {
      if (listing.room.archived_ms != null) continue;
      unread += listing.unread.unread;
      mentions += listing.room.kind === "direct" ? listing.unread.unread : listing.unread.mentions;
    }
    attention.set({ unread, mentions });
  }

  #membersChanged(room: RoomId): void {
    this.memberChanges.update((changes) => new Map(changes).set(room, (changes.get(room) ?? 0) + 1));
  }
}
