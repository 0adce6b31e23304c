import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Row } from "@/sync/timeline/rows";
import type { Virtual } from "./Timeline";

/** What tells that somebody has begun to scroll. */
const GESTURES = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

/**
 * Where a room opens: at the line above what is new, else at the end. Done again when the run's first page has come,
 * because what is shown before that may be from an earlier visit, but never under the hands of a reader.
 */
export function useOpeningPosition(virtualizer: Virtual, rows: readonly Row[], joined: boolean): boolean {
  const [opened, setOpened] = useState(false);
  const touched = useRef(false);
  const placed = useRef<"not" | "early" | "joined">("not");
  const ready = rows.length > 0;

  useEffect(() => {
    const element = virtualizer.scrollElement;
    const touch = () => {
      touched.current = true;
    };
    for (const name of GESTURES) element?.addEventListener(name, touch, { passive: true });
    return () => {
      for (const name of GESTURES) element?.removeEventListener(name, touch);
    };
  }, [virtualizer]);

  useLayoutEffect(() => {
    const stage = joined ? "joined" : "early";
    if (!ready || placed.current === "joined" || placed.current === stage || touched.current) return;
    placed.current = stage;
    const line = rows.findIndex((row) => row.kind === "new");
    if (line > 0) virtualizer.scrollToIndex(Math.max(0, line - 1), { align: "start" });
    else virtualizer.scrollToEnd();
    setOpened(true);
  }, [ready, joined, rows, virtualizer]);

  return opened;
}
