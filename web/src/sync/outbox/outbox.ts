/**
 * The outbox at work: what a person sent is kept, sent once, in order, by one tab, for as long as it takes.
 *
 * Storage is the truth and every step is written to it before it is taken, so that a tab can die anywhere: an entry
 * leaves storage only when the server has the message or its author gives it up. Each tab mirrors the entries for
 * showing; only the one that holds the lock sends.
 */
import type { Message, PersonId, RoomId } from "../model.ts";
import { createStore, type Store } from "../store.ts";
import {
  appended,
  attempting,
  backoffMs,
  ENTRIES_MAX,
  failed,
  mustLookFirst,
  type NewEntry,
  type OutboxEntry,
  postponed,
  retried,
  takenOver,
} from "./entry.ts";
import { plan } from "./plan.ts";
import type {
  LookResult,
  OutboxClock,
  OutboxServer,
  OutboxSignal,
  OutboxStorage,
  SenderLock,
  SendResult,
} from "./ports.ts";

export interface OutboxPorts {
  readonly storage: OutboxStorage;
  readonly signal: OutboxSignal;
  readonly lock: SenderLock;
  readonly server: OutboxServer;
  readonly clock: OutboxClock;
  /** The server has the message, sent by this tab or another one. */
  readonly onStored: (room: RoomId, message: Message) => void;
  readonly onSessionEnded: () => void;
}

export class Outbox {
  readonly entries: Store<readonly OutboxEntry[]> = createStore<readonly OutboxEntry[]>([]);
  private readonly author: PersonId;
  private readonly ports: OutboxPorts;
  private readonly stopping = new AbortController();
  /** Written but not yet stored: shown at once, behind everything stored. */
  private unstored: readonly OutboxEntry[] = [];
  private stored: readonly OutboxEntry[] = [];
  private online = true;
  private paused = false;
  private sender = false;
  private readonly in_flight = new Set<string>();
  private cancel_timer: (() => void) | undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(author: PersonId, ports: OutboxPorts) {
    this.author = author;
    this.ports = ports;
  }

  /** Loads what is left from before and takes its turn at sending. Ends with {@link stop}. */
  async start(): Promise<void> {
    const unlisten = this.ports.signal.listen((signal) => {
      if (signal.kind === "stored") this.ports.onStored(signal.room, signal.message);
      void this.refresh();
    });
    this.stopping.signal.addEventListener("abort", unlisten, { once: true });
    await this.refresh();
    void this.ports.lock.hold((stop) => this.beSender(stop), this.stopping.signal);
  }

  stop(): void {
    this.cancel_timer?.();
    this.stopping.abort();
  }

  /** Whether there is room for one more; if not, the composer should keep its text. */
  get full(): boolean {
    return this.stored.length + this.unstored.length >= ENTRIES_MAX;
  }

  /** Takes a message. It is shown at once; the promise says when it would survive a crash. */
  async add(entry: Omit<NewEntry, "author">): Promise<void> {
    const whole: NewEntry = { ...entry, author: this.author };
    this.unstored = [...this.unstored, appended(whole, Number.MAX_SAFE_INTEGER)];
    this.show();
    await this.ports.storage.append(whole);
    await this.refresh();
    this.unstored = this.unstored.filter((e) => e.id !== entry.id);
    this.show();
    this.ports.signal.send({ kind: "changed" });
  }

  /** The author says: try again, now. */
  async retry(id: string): Promise<void> {
    await this.change(id, retried);
  }

  /** The author gives it up. What is under way can't be called back. */
  async discard(id: string): Promise<OutboxEntry | undefined> {
    let taken: OutboxEntry | undefined;
    await this.change(id, (entry) => {
      if (entry.state === "sending") return entry;
      taken = entry;
      return undefined;
    });
    return taken;
  }

  /** The live stream or history brought a message of ours: it needs no further attempt, whatever became of the answer. */
  async seen(local_id: string): Promise<void> {
    if (this.stored.some((e) => e.id === local_id)) await this.change(local_id, () => undefined);
  }

  /** Offline, nothing is tried and no attempt is counted; back online, everything is tried at once. */
  setOnline(online: boolean): void {
    if (online === this.online) return;
    this.online = online;
    if (!online) return;
    void this.changeAll((entry) =>
      entry.state === "pending" ? { ...entry, not_before_ms: undefined } : entry,
    );
  }

  /** Without a session nothing can be sent; with the next one everything goes on. */
  setPaused(paused: boolean): void {
    this.paused = paused;
    this.pump();
  }

  private async beSender(stop: AbortSignal): Promise<void> {
    await this.changeAll(takenOver);
    this.sender = true;
    this.pump();
    await new Promise<void>((done) => {
      if (stop.aborted) done();
      else stop.addEventListener("abort", () => done(), { once: true });
    });
    this.sender = false;
  }

  private pump(): void {
    this.cancel_timer?.();
    this.cancel_timer = undefined;
    if (!this.sender || !this.online || this.paused || this.stopping.signal.aborted) return;
    const { clock } = this.ports;
    const next = plan(
      this.stored.map((e) => this.asMine(e)),
      clock.now_ms(),
    );
    for (const entry of next.send) void this.attempt(entry);
    if (next.look_again_ms === undefined) return;
    this.cancel_timer = clock.after(Math.max(0, next.look_again_ms - clock.now_ms()), () => this.pump());
  }

  /** This tab alone sends, so what it isn't sending isn't under way, whatever the storage says. */
  private asMine(entry: OutboxEntry): OutboxEntry {
    return this.in_flight.has(entry.id) ? { ...entry, state: "sending" } : takenOver(entry);
  }

  private async attempt(entry: OutboxEntry): Promise<void> {
    this.in_flight.add(entry.id);
    try {
      if (mustLookFirst(entry, this.ports.clock.now_ms()) && !(await this.lookFirst(entry))) return;
      const current = await this.write(entry.id, (e) => attempting(e, this.ports.clock.now_ms()));
      if (current !== undefined) await this.settle(current, await this.ports.server.send(current));
    } finally {
      this.in_flight.delete(entry.id);
      await this.refresh();
    }
  }

  /** Returns whether the entry is to be sent. */
  private async lookFirst(entry: OutboxEntry): Promise<boolean> {
    const result: LookResult = await this.ports.server.look(entry);
    switch (result.kind) {
      case "found":
        await this.arrived(entry, result.message);
        return false;
      case "absent":
        // From here on the server's memory of the id begins anew.
        await this.write(entry.id, (e) => ({ ...e, first_attempt_ms: undefined }));
        return true;
      case "unknown":
        await this.write(entry.id, (e) => failed(e, { kind: "uncertain" }));
        return false;
      case "later":
        await this.write(entry.id, (e) => this.postpone({ ...e, attempts: e.attempts + 1 }, result.reached));
        return false;
      case "session_ended":
        this.endSession();
        return false;
    }
  }

  private async settle(entry: OutboxEntry, result: SendResult): Promise<void> {
    switch (result.kind) {
      case "stored":
        return this.arrived(entry, {
          serial: result.serial,
          author: entry.author,
          text: result.text,
          sent_ms: result.sent_ms,
          local_id: entry.id,
        });
      case "refused":
        await this.write(entry.id, (e) => failed(e, { kind: "refused", detail: result.detail }));
        return;
      case "later":
        await this.write(entry.id, (e) => this.postpone(e, result.reached, result.after_ms));
        return;
      case "session_ended":
        this.endSession();
        await this.write(entry.id, takenOver);
    }
  }

  private postpone(entry: OutboxEntry, reached: boolean, after_ms = 0): OutboxEntry {
    const { clock } = this.ports;
    const wait_ms = Math.max(after_ms, backoffMs(entry.attempts, clock.random()));
    return postponed(entry, clock.now_ms(), wait_ms, reached);
  }

  private async arrived(entry: OutboxEntry, message: Message): Promise<void> {
    this.ports.onStored(entry.room, message);
    this.ports.signal.send({ kind: "stored", room: entry.room, message });
    await this.write(entry.id, () => undefined);
  }

  private endSession(): void {
    this.paused = true;
    this.ports.onSessionEnded();
  }

  private async change(id: string, change: (entry: OutboxEntry) => OutboxEntry | undefined): Promise<void> {
    await this.write(id, change);
    await this.refresh();
  }

  private async changeAll(change: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
    for (const entry of await this.ports.storage.all()) {
      if (change(entry) !== entry) await this.ports.storage.change(entry.id, change);
    }
    await this.refresh();
    this.ports.signal.send({ kind: "changed" });
  }

  private async write(
    id: string,
    change: (entry: OutboxEntry) => OutboxEntry | undefined,
  ): Promise<OutboxEntry | undefined> {
    const now = await this.ports.storage.change(id, change);
    this.ports.signal.send({ kind: "changed" });
    await this.refresh(false);
    return now;
  }

  /** Reads the storage again, one reading after the other so that an older one never overwrites a newer. */
  private refresh(pump = true): Promise<void> {
    this.reading = this.reading.then(async () => {
      const all = await this.ports.storage.all();
      this.stored = all.filter((e) => e.author === this.author).sort((a, b) => a.order - b.order);
      this.show();
      if (pump) this.pump();
    });
    return this.reading;
  }

  private show(): void {
    const known = new Set(this.stored.map((e) => e.id));
    this.entries.set([...this.stored, ...this.unstored.filter((e) => !known.has(e.id))]);
  }
}
