import type { TextStorage } from "@/sync/drafts";

/** `localStorage` where the browser gives it, else nothing that outlives the page. */
export function textStorage(): TextStorage {
  const storage = available();
  return {
    get: (key) => storage?.getItem(key) ?? null,
    set: (key, value) => storage?.setItem(key, value),
    remove: (key) => storage?.removeItem(key),
    keys: () => (storage === undefined ? [] : Object.keys(storage)),
  };
}

function available(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
