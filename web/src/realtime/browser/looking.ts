import { createStore, type Store } from "@/sync/store";

export interface Looking {
  readonly visible: boolean;
  readonly focused: boolean;
}

function read(): Looking {
  return { visible: document.visibilityState === "visible", focused: document.hasFocus() };
}

/** Whether somebody looks at this page. */
export function watchLooking(stop: AbortSignal): Store<Looking> {
  const looking = createStore(read());
  const changed = () => {
    const next = read();
    const now = looking.get();
    if (next.visible !== now.visible || next.focused !== now.focused) looking.set(next);
  };
  for (const name of ["focus", "blur", "pageshow"]) window.addEventListener(name, changed, { signal: stop });
  document.addEventListener("visibilitychange", changed, { signal: stop });
  return looking;
}
