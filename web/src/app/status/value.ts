import { useSyncExternalStore } from "react";

/** A value that many may watch: set from anywhere, shown where it is needed. */
export interface Watched<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Makes a watched value; setting an equal one tells nobody. */
export function watched<Value>(
  first: Value,
  equal: (a: Value, b: Value) => boolean = Object.is,
): Watched<Value> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (equal(value, next)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useWatched<Value>(value: Watched<Value>): Value {
  return useSyncExternalStore(value.subscribe, value.get);
}
