import { useCallback, useEffect, useRef, useState } from "react";
import { useLive } from "@/realtime";
import type { RoomId } from "@/sync/model";

/** What is written in this room and not sent; kept on this device while it is typed. */
export function useDraft(room: RoomId): readonly [string, (text: string) => void] {
  const { drafts } = useLive();
  const [text, setText] = useState(() => drafts.get(room));
  const latest = useRef(text);

  const change = useCallback(
    (next: string) => {
      latest.current = next;
      setText(next);
      drafts.set(room, next);
    },
    [drafts, room],
  );

  useEffect(() => {
    const elsewhere = (event: StorageEvent) => {
      if (event.key === null || drafts.changedElsewhere(event.key) !== room) return;
      latest.current = drafts.get(room);
      setText(latest.current);
    };
    window.addEventListener("storage", elsewhere);
    return () => window.removeEventListener("storage", elsewhere);
  }, [drafts, room]);

  return [text, change];
}
