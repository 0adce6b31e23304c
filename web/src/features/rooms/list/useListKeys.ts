import type { Virtualizer } from "@tanstack/react-virtual";
import type { KeyboardEvent, RefObject } from "react";
import type { ListRow } from "./rows";

/** Arrow keys go from room to room, also to those that aren't drawn yet. */
export function useListKeys(
  rows: readonly ListRow[],
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  scroller: RefObject<HTMLDivElement | null>,
): (event: KeyboardEvent) => void {
  return (event) => {
    const place = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const at = Number(place?.dataset["index"] ?? Number.NaN);
    const next = target(event.key, at, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => {
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${next}"] :is(a, button)`)
        ?.focus({ preventScroll: true });
    });
  };
}

function target(key: string, at: number, count: number): number | undefined {
  if (Number.isNaN(at)) return undefined;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[key];
  return to === undefined || to < 0 || to >= count ? undefined : to;
}
