import { useEffect, useRef } from "react";
import { navigate, to } from "@/app/router";
import type { RoomId } from "@/sync/model";
import { nextUnread, type Sections } from "@/sync/rooms/sections";

/** Alt+Shift+↓ goes to the next room with something unread, the ones that call first. */
export function useNextUnread(sections: Sections, current: RoomId): void {
  const latest = useRef({ sections, current });
  useEffect(() => {
    latest.current = { sections, current };
  }, [sections, current]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.key !== "ArrowDown") return;
      event.preventDefault();
      const next = nextUnread(latest.current.sections, latest.current.current);
      if (next !== undefined) navigate(to.room(next.room.id));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
