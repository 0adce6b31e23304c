/**
 * The outbox's storage in IndexedDB: shared by the tabs of one browser, in transactions, and still there after a
 * crash. Where the browser forbids it (some private windows) or it fails, the entries live in this tab's memory.
 */
import { appended, type NewEntry, type OutboxEntry } from "@/sync/outbox/entry";
import type { OutboxStorage } from "@/sync/outbox/ports";
import { openDatabase, transaction } from "./database";

const NAME = "loquat";
const STORE = "outbox";
const VERSION = 1;

export function outboxStorage(factory: IDBFactory | undefined): OutboxStorage {
  const memory = new MemoryStorage();
  const opened = open(factory);
  opened.catch(() => undefined);
  async function run<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore, done: (value: T) => void) => void,
    fallback: () => Promise<T>,
  ): Promise<T> {
    try {
      return await inStore(await opened, mode, work);
    } catch {
      return fallback();
    }
  }
  return {
    async all() {
      const stored = await run<OutboxEntry[]>("readonly", readAll, () => Promise.resolve([]));
      return [...stored, ...(await memory.all())];
    },
    append: (entry) => run<void>("readwrite", appendIn(entry), () => memory.append(entry)),
    async change(id, change) {
      const inMemory = await memory.change(id, change);
      return (
        inMemory ??
        run<OutboxEntry | undefined>("readwrite", changeIn(id, change), () => Promise.resolve(undefined))
      );
    },
  };
}

function open(factory: IDBFactory | undefined): Promise<IDBDatabase> {
  return openDatabase(factory, NAME, VERSION, (db) => {
    const store = db.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
    store.createIndex("id", "id", { unique: true });
  });
}

/** Resolves when the transaction is complete: then it is on disk as far as the browser promises. */
function inStore<T>(
  db: IDBDatabase,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, done: (value: T) => void) => void,
): Promise<T> {
  const begin = () => db.transaction(STORE, mode, mode === "readwrite" ? { durability: "strict" } : {});
  return transaction<T>(begin, (tx, done) => work(tx.objectStore(STORE), done));
}

function readAll(store: IDBObjectStore, done: (value: OutboxEntry[]) => void): void {
  const request = store.getAll();
  request.onsuccess = () => done(request.result as OutboxEntry[]);
}

function appendIn(entry: NewEntry): (store: IDBObjectStore) => void {
  return (store) => {
    const known = store.index("id").getKey(entry.id);
    known.onsuccess = () => {
      if (known.result !== undefined) return;
      const { order: _, ...row } = appended(entry, 0);
      store.add(row);
    };
  };
}

function changeIn(
  id: string,
  change: (entry: OutboxEntry) => OutboxEntry | undefined,
): (store: IDBObjectStore, done: (value: OutboxEntry | undefined) => void) => void {
  return (store, done) => {
    const request = store.index("id").get(id);
    request.onsuccess = () => {
      const row = request.result as OutboxEntry | undefined;
      if (row === undefined) return done(undefined);
      const next = change(row);
      if (next === undefined) store.delete(row.order);
      else if (next !== row) store.put(next);
      done(next);
    };
  };
}

/** Orders begin above any that the database gives, so that what came later stands behind. */
const MEMORY_FROM = 2 ** 40;

class MemoryStorage implements OutboxStorage {
  readonly #rows = new Map<string, OutboxEntry>();
  #order = MEMORY_FROM;

  all(): Promise<readonly OutboxEntry[]> {
    return Promise.resolve([...this.#rows.values()]);
  }

  append(entry: NewEntry): Promise<void> {
    if (!this.#rows.has(entry.id)) this.#rows.set(entry.id, appended(entry, this.#order++));
    return Promise.resolve();
  }

  change(
    id: string,
    change: (entry: OutboxEntry) => OutboxEntry | undefined,
  ): Promise<OutboxEntry | undefined> {
    const row = this.#rows.get(id);
    if (row === undefined) return Promise.resolve(undefined);
    const next = change(row);
    if (next === undefined) this.#rows.delete(id);
    else this.#rows.set(id, next);
    return Promise.resolve(next);
  }
}
