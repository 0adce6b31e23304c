import { watched } from "@/app/status/value";

/** A dialog of the rooms that belongs to no place. */
export type Overlay = "none" | "switcher" | "create" | "browse" | "message";

/** The one that is open. */
export const overlay = watched<Overlay>("none");

export const closeOverlay = (): void => overlay.set("none");

/** Opens a dialog of the rooms, from anywhere. */
export const openRooms = (which: Exclude<Overlay, "none">): void => overlay.set(which);
