import { useSyncExternalStore } from "react";

/** Where the app is. The hash carries codes that no server should see in its log. */
export interface Place {
  readonly path: string;
  readonly hash: string;
}

const listeners = new Set<() => void>();
let place = read();

function read(): Place {
  return { path: location.pathname, hash: location.hash.slice(1) };
}

function moved(): void {
  const next = read();
  if (next.path === place.path && next.hash === place.hash) return;
  place = next;
  for (const listener of listeners) listener();
}

globalThis.addEventListener?.("popstate", moved);
globalThis.addEventListener?.("hashchange", moved);

/** Goes to an address of the app. */
export function navigate(path: string, options: { readonly replace?: boolean } = {}): void {
  const here = location.pathname + location.hash;
  if (options.replace === true) history.replaceState({ inside: true }, "", path);
  else if (here !== path) history.pushState({ inside: true }, "", path);
  moved();
}

/**
 * Goes back if the app itself came here, else to `path`: a link that was opened from elsewhere must not lead
 * out of the app.
 */
export function goBack(path: string): void {
  if ((history.state as { inside?: boolean } | null)?.inside === true) history.back();
  else navigate(path, { replace: true });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the app is, now. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}
