import { navigate, to } from "@/app/router";
import type { RoomId } from "@/sync/model";
import { nextUnread, type Sections } from "@/sync/rooms/sections";
import { useShortcut } from "../useShortcut";

/** Alt+Shift+↓ goes to the next room with something unread, the ones that call first. */
export function useNextUnread(sections: Sections, current: RoomId, loaded: boolean): void {
  useShortcut(
    "nextUnread",
    () => {
      const next = nextUnread(sections, current);
      if (next !== undefined) navigate(to.room(next.room.id));
    },
    loaded,
  );
}
