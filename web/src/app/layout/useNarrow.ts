import { useSyncExternalStore } from "react";
import { NARROW } from "./narrow";

const query = globalThis.matchMedia?.(NARROW);

function subscribe(listener: () => void): () => void {
  query?.addEventListener("change", listener);
  return () => query?.removeEventListener("change", listener);
}

/** Whether the page is as narrow as a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query?.matches ?? false);
}
