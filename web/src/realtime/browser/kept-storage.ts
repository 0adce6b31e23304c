/**
 * What is kept of the server, in an IndexedDB of its own: the outbox holds what only this device has, and nothing
 * that happens to copies may touch it. Where the browser forbids storing, nothing is kept.
 */
import {
  KEPT_ROOMS_MAX,
  type Kept,
  type KeptList,
  type KeptStorage,
  nothingKept,
  roomsOf,
} from "@/sync/kept/kept";
import type { KeptRoom } from "@/sync/kept/room";
import type { PersonId } from "@/sync/model";
import { openDatabase, transaction } from "./database";

const NAME = "loquat-kept";
/** Raised with every change of shape: these are copies, and what is of another shape is thrown away. */
const VERSION = 1;
const LISTS = "lists";
const ROOMS = "rooms";
const BY_AGE = "age";

type ListRow = KeptList & { readonly person: PersonId };
type RoomRow = KeptRoom & { readonly person: PersonId };
type Work<T> = (tx: IDBTransaction, done: (value: T) => void) => void;

export const keptStorage: KeptStorage = {
  open: (person) => run<Kept>(read(person), nothingKept),
  putList: (person, list) => run<void>(putList({ ...list, person }), undefined),
  putRoom: (person, room) => run<void>(putRoom({ ...room, person }), undefined),
};

/** Nothing is kept of anybody. */
export function forgetKept(): Promise<void> {
  return run<void>((tx) => {
    for (const store of [LISTS, ROOMS]) tx.objectStore(store).clear();
  }, undefined);
}

let opened: Promise<IDBDatabase> | undefined;

async function run<T>(work: Work<T>, otherwise: T): Promise<T> {
  try {
    opened ??= openDatabase(globalThis.indexedDB, NAME, VERSION, upgrade);
    const db = await opened;
    return await transaction(() => db.transaction([LISTS, ROOMS], "readwrite"), work);
  } catch {
    // Forbidden, full, or closed for a newer version in another tab.
    opened = undefined;
    return otherwise;
  }
}

function upgrade(db: IDBDatabase): void {
  for (const name of [...db.objectStoreNames]) db.deleteObjectStore(name);
  db.createObjectStore(LISTS, { keyPath: "person" });
  db.createObjectStore(ROOMS, { keyPath: ["person", "room"] }).createIndex(BY_AGE, ["person", "kept_ms"]);
}

/** All keys of one person in a store or index whose keys begin with the person. */
function ofPerson(person: PersonId): IDBKeyRange {
  return IDBKeyRange.bound([person], [person, []]);
}

function read(person: PersonId): Work<Kept> {
  return (tx, done) => {
    const lists = tx.objectStore(LISTS);
    const rooms = tx.objectStore(ROOMS);
    const list = lists.get(person);
    const kept = rooms.getAll(ofPerson(person));
    kept.onsuccess = () =>
      done({ list: list.result as ListRow | undefined, rooms: kept.result as RoomRow[] });
    deleteIf(lists, undefined, (key) => key !== person);
    deleteIf(rooms, undefined, (key) => (key as [PersonId, string])[0] !== person);
  };
}

function putList(row: ListRow): Work<void> {
  return (tx) => {
    const rooms = roomsOf(row);
    tx.objectStore(LISTS).put(row);
    deleteIf(
      tx.objectStore(ROOMS),
      ofPerson(row.person),
      (key) => !rooms.has((key as [PersonId, string])[1]),
    );
  };
}

function putRoom(row: RoomRow): Work<void> {
  return (tx) => {
    const rooms = tx.objectStore(ROOMS);
    rooms.put(row);
    const keys = rooms.index(BY_AGE).getAllKeys(ofPerson(row.person));
    keys.onsuccess = () => {
      const old = keys.result.slice(0, Math.max(0, keys.result.length - KEPT_ROOMS_MAX));
      for (const key of old) rooms.delete(key);
    };
  };
}

function deleteIf(
  store: IDBObjectStore,
  range: IDBKeyRange | undefined,
  gone: (key: IDBValidKey) => boolean,
): void {
  const keys = store.getAllKeys(range);
  keys.onsuccess = () => {
    for (const key of keys.result) if (gone(key)) store.delete(key);
  };
}
