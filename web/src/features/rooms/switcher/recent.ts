import { textStorage } from "@/realtime";
import type { RoomId } from "@/sync/model";

const KEY = "loquat:recent";
const KEPT_MAX = 30;

/** The rooms opened last in this browser, the latest first. */
export function recentRooms(): readonly RoomId[] {
  try {
    const stored: unknown = JSON.parse(textStorage().get(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id): id is RoomId => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function noteOpened(room: RoomId): void {
  const rest = recentRooms().filter((id) => id !== room);
  try {
    textStorage().set(KEY, JSON.stringify([room, ...rest].slice(0, KEPT_MAX)));
  } catch {
    // Full or forbidden: the switcher then begins with what is unread.
  }
}
