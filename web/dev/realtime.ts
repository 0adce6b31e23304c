import type { OpenRoom, Page, RealtimeListener, RoomListener, StartRealtime } from "../src/realtime/port.ts";
import type { Message, PersonId, RoomId, RoomListing } from "../src/sync/model.ts";
import { LATER, TALK } from "./talk.ts";

const HISTORY = 400;
const LATENCY_MS = 120;
const MINUTE_MS = 60_000;

/** A realtime client without a server: rooms with a past, and people who type now and then. */
export const startFake: StartRealtime = (me, listener) => {
  const world = new FakeWorld(me, listener);
  void world.begin();
  return {
    open: (room, roomListener) => world.open(room, roomListener),
    history: (room, before, limit) => world.page(room, before, limit),
    retryNow: () => world.connect(),
    close: () => world.close(),
  };
};

class FakeWorld {
  readonly #me: PersonId;
  readonly #listener: RealtimeListener;
  readonly #rooms = new Map<RoomId, Message[]>();
  readonly #people: Promise<PersonId[]>;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #listings: RoomListing[] = [];
  #version = 1_000;

  constructor(me: PersonId, listener: RealtimeListener) {
    this.#me = me;
    this.#listener = listener;
    this.#people = fetch("/api/v1/people")
      .then((answer) => answer.json() as Promise<{ items: { id: PersonId }[] }>)
      .then(({ items }) => items.map((person) => person.id));
  }

  async begin(): Promise<void> {
    const answer = await fetch("/api/v1/me/rooms");
    this.#listings = ((await answer.json()) as { items: RoomListing[] }).items;
    await this.#people;
    this.connect();
  }

  connect(): void {
    this.#listener.link({ state: "connecting" });
    this.#later(LATENCY_MS, () => {
      this.#listener.link({ state: "connected" });
      this.#listener.attached();
      this.#later(LATENCY_MS, () => void this.#tellMarkers());
    });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async page(room: RoomId, before: string | undefined, limit: number): Promise<Page> {
    await new Promise<void>((done) => this.#later(LATENCY_MS * 2, done));
    const all = await this.#messages(room);
    const older = before === undefined ? all : all.filter((message) => message.serial < before);
    const items = older.slice(-limit);
    return { items, start_reached: items.length === older.length };
  }

  open(room: RoomId, listener: RoomListener): OpenRoom {
    listener.link({ state: "attaching" });
    let closed = false;
    this.#later(LATENCY_MS, () => {
      if (closed) return;
      listener.link({ state: "attached" });
      listener.runBegan();
      void this.#people.then((people) => listener.present(new Set([this.#me, ...people.slice(1, 5)])));
      void this.#chatter(room, listener, () => closed);
    });
    return {
      newest: (limit) => this.page(room, undefined, limit),
      setPresent: () => undefined,
      typed: () => undefined,
      stoppedTyping: () => undefined,
      react: (name) => listener.reacted(this.#me, name),
      close: () => {
        closed = true;
      },
    };
  }

  async #chatter(room: RoomId, listener: RoomListener, closed: () => boolean): Promise<void> {
    const people = await this.#people;
    const messages = await this.#messages(room);
    LATER.forEach((text, index) => {
      const author = people[(index % 3) + 1] ?? "";
      const at_ms = (index + 1) * 9_000;
      this.#later(at_ms - 4_000, () => !closed() && listener.typing(new Set([author])));
      this.#later(at_ms, () => {
        if (closed()) return;
        const now_ms = Date.now();
        const message = { serial: String(now_ms), author, text, sent_ms: now_ms };
        messages.push(message);
        listener.typing(new Set());
        listener.live(message);
      });
    });
  }

  /** The mock's rows know no serials; with these the line above what is new has a place. */
  async #tellMarkers(): Promise<void> {
    for (const listing of this.#listings) {
      const messages = await this.#messages(listing.room.id);
      const read = messages.at(-1 - listing.unread.unread)?.serial ?? null;
      this.#version += 1;
      const membership = { ...listing.membership, read_serial: read, version: this.#version };
      const last = messages.at(-1);
      const room = { ...listing.room, last_serial: last?.serial ?? null, version: this.#version };
      this.#listener.personal({ name: "room.changed", data: { listing: { ...listing, room, membership } } });
    }
  }

  async #messages(room: RoomId): Promise<Message[]> {
    const known = this.#rooms.get(room);
    if (known !== undefined) return known;
    const people = await this.#people;
    const listing = this.#listings.find((one) => one.room.id === room);
    const count = listing?.room.name === "Reading club" ? 0 : HISTORY;
    const speakers = listing?.room.kind === "direct" ? [...listing.others, this.#me] : people.slice(0, 9);
    const seed = room.charCodeAt(5) + room.charCodeAt(9);
    let at_ms = Date.now() - 20 * MINUTE_MS;
    const made: Message[] = [];
    for (let index = count - 1; index >= 0; index -= 1) {
      const text = TALK[(index + seed) % TALK.length] ?? "";
      const author = speakers[Math.floor((index * 7 + seed) / 3) % speakers.length] ?? this.#me;
      made.unshift({ serial: String(at_ms), author, text, sent_ms: at_ms });
      at_ms -= (index * 13) % 17 === 0 ? 400 * MINUTE_MS : ((index * 5) % 11) * MINUTE_MS + 7_000;
    }
    this.#rooms.set(room, made);
    return made;
  }

  #later(delay_ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delay_ms);
    this.#timers.add(timer);
  }
}
