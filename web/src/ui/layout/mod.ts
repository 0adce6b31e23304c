/** Whether this system's commands begin with ⌘. */
export const APPLE = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "");

/** Whether `event` has the modifier that this system uses for commands. */
export function hasMod(event: Pick<KeyboardEvent, "ctrlKey" | "metaKey">): boolean {
  return APPLE ? event.metaKey : event.ctrlKey;
}
