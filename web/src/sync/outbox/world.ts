/** A browser with tabs, a server and a bad network between them, all in memory and at a time of the test's choosing. */
import type { Message, RoomId } from "../model.ts";
import { appended, type NewEntry, type OutboxEntry } from "./entry.ts";
import { Outbox } from "./outbox.ts";
import type { LookResult, OutboxServer, OutboxStorage, SendResult, Signal } from "./ports.ts";

const REMEMBERED_MS = 10 * 60_000;
export const AUTHOR = "p_aaaaaaaaaaaaaaaa";

/** What the network does to one request. */
export type Fate = "fine" | "unreached" | "answer_lost" | "busy" | "refused" | "session_ended";

export class World {
  now_ms = 1_000_000;
  fates: Fate[] = [];
  readonly log: Message[] = [];
  readonly remembered = new Map<string, number>();
  readonly tabs: Tab[] = [];
  readonly rows = new Map<string, OutboxEntry>();
  session = true;
  private order = 0;
  private timers: { at_ms: number; call: () => void; tab: Tab }[] = [];
  private waiting: (() => void)[] = [];
  private holder: Tab | undefined;

  open(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }

  storage(tab: Tab): OutboxStorage {
    const guard = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      // A tab that has crashed runs no further.
      if (tab.dead) return new Promise<T>(() => undefined);
      return work();
    };
    return {
      all: () => guard(() => [...this.rows.values()]),
      append: (entry: NewEntry) =>
        guard(() => {
          if (!this.rows.has(entry.id)) this.rows.set(entry.id, appended(entry, ++this.order));
        }),
      change: (id, change) =>
        guard(() => {
          const row = this.rows.get(id);
          if (row === undefined) return undefined;
          const next = change(row);
          if (next === undefined) this.rows.delete(id);
          else this.rows.set(id, next);
          return next;
        }),
    };
  }

  server(tab: Tab): OutboxServer {
    const link = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      const result = work();
      await Promise.resolve();
      return tab.dead ? new Promise<T>(() => undefined) : result;
    };
    return {
      send: (entry) => link(() => this.receive(entry)),
      look: (entry) => link(() => this.look(entry)),
    };
  }

  private receive(entry: OutboxEntry): SendResult {
    if (!this.session) return { kind: "session_ended" };
    const fate = this.fates.shift() ?? "fine";
    if (fate === "unreached") return { kind: "later", reached: false };
    if (fate === "busy") return { kind: "later", reached: true, after_ms: 5_000 };
    if (fate === "refused") return { kind: "refused", detail: "no" };
    if (fate === "session_ended") {
      this.session = false;
      return { kind: "session_ended" };
    }
    const stored = this.store(entry);
    if (fate === "answer_lost") return { kind: "later", reached: false };
    return { kind: "stored", serial: stored.serial, sent_ms: stored.sent_ms, text: stored.text };
  }

  private store(entry: OutboxEntry): Message {
    const at = this.remembered.get(entry.id);
    if (at !== undefined && this.now_ms - at <= REMEMBERED_MS) {
      const first = this.log.find((m) => m.local_id === entry.id);
      if (first !== undefined) return first;
    }
    this.remembered.set(entry.id, this.now_ms);
    const serial = String(this.log.length + 1).padStart(6, "0");
    const message = {
      serial,
      author: entry.author,
      text: entry.text,
      sent_ms: this.now_ms,
      local_id: entry.id,
    };
    this.log.push(message);
    return message;
  }

  private look(entry: OutboxEntry): LookResult {
    if (!this.session) return { kind: "session_ended" };
    const fate = this.fates.shift() ?? "fine";
    if (fate === "unreached" || fate === "answer_lost") return { kind: "later", reached: false };
    const found = this.log.find((m) => m.local_id === entry.id);
    return found === undefined ? { kind: "absent" } : { kind: "found", message: found };
  }

  broadcast(from: Tab, signal: Signal): void {
    for (const tab of this.tabs) if (tab !== from && !tab.dead) tab.hear(signal);
  }

  after(tab: Tab, delay_ms: number, call: () => void): () => void {
    const timer = { at_ms: this.now_ms + delay_ms, call, tab };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  }

  async hold(tab: Tab, run: (stop: AbortSignal) => Promise<void>, stop: AbortSignal): Promise<void> {
    while (this.holder !== undefined && !this.holder.dead)
      await new Promise<void>((go) => this.waiting.push(go));
    if (tab.dead || stop.aborted) return;
    this.holder = tab;
    await run(stop);
    this.release(tab);
  }

  release(tab: Tab): void {
    if (this.holder !== tab) return;
    this.holder = undefined;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Lets everything that needs no time happen. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 300; turn += 1) await Promise.resolve();
  }

  async advance(by_ms: number): Promise<void> {
    const until = this.now_ms + by_ms;
    await this.settle();
    for (;;) {
      const due = this.timers
        .filter((t) => t.at_ms <= until && !t.tab.dead)
        .sort((a, b) => a.at_ms - b.at_ms)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((t) => t !== due);
      this.now_ms = Math.max(this.now_ms, due.at_ms);
      due.call();
      await this.settle();
    }
    this.now_ms = until;
    await this.settle();
  }
}

export class Tab {
  dead = false;
  readonly shown: { room: RoomId; message: Message }[] = [];
  readonly outbox: Outbox;
  private listener: ((signal: Signal) => void) | undefined;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    this.outbox = new Outbox(AUTHOR, {
      storage: world.storage(this),
      server: world.server(this),
      signal: {
        send: (signal) => world.broadcast(this, signal),
        listen: (listener) => {
          this.listener = listener;
          return () => {
            this.listener = undefined;
          };
        },
      },
      lock: { hold: (run, stop) => world.hold(this, run, stop) },
      clock: {
        now_ms: () => world.now_ms,
        random: () => 0.5,
        after: (delay_ms, call) => world.after(this, delay_ms, call),
      },
      onStored: (room, message) => this.shown.push({ room, message }),
      onSessionEnded: () => undefined,
    });
    void this.outbox.start();
  }

  hear(signal: Signal): void {
    this.listener?.(signal);
  }

  /** The tab is gone in the middle of whatever it did. */
  crash(): void {
    this.dead = true;
    this.world.release(this);
  }
}
