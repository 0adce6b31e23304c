import { useSyncExternalStore } from "react";

/** Below this width, list and content take turns; the style sheets have the same number. */
const query = globalThis.matchMedia?.("(max-width: 47.99rem)");

function subscribe(listener: () => void): () => void {
  query?.addEventListener("change", listener);
  return () => query?.removeEventListener("change", listener);
}

/** Whether the page is as narrow as a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query?.matches ?? false);
}
