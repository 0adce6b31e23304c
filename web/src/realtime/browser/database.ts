/** IndexedDB as promises. */

/** Opens a database; rejects where the browser gives none (some private windows) or another tab is in the way. */
export function openDatabase(
  factory: IDBFactory | undefined,
  name: string,
  version: number,
  upgrade: (db: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (factory === undefined) throw new Error("no IndexedDB");
    const request = factory.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => {
      // A newer version of the app in another tab must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("IndexedDB can't be opened"));
    request.onblocked = () => reject(new Error("IndexedDB is blocked by another tab"));
  });
}

/** Resolves with what `work` gave to `done` when the transaction is complete. */
export function transaction<T>(
  begin: () => IDBTransaction,
  work: (tx: IDBTransaction, done: (value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const tx = begin();
    let value: T;
    tx.oncomplete = () => resolve(value);
    tx.onerror = () => reject(tx.error ?? new Error("the transaction failed"));
    tx.onabort = () => reject(tx.error ?? new Error("the transaction was aborted"));
    work(tx, (result) => {
      value = result;
    });
  });
}
