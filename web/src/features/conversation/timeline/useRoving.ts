import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { Row } from "@/sync/timeline/rows";
import type { Virtual } from "./Timeline";

const isMessage = (row: Row | undefined) => row?.kind === "message" || row?.kind === "waiting";

/** One message at a time can be reached by Tab; the arrow keys go from one to the next. */
export function useRoving(
  virtualizer: Virtual,
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
): { readonly activeKey: string | undefined; onKeyDown(event: KeyboardEvent): void } {
  const [chosen, setChosen] = useState<string>();
  const moveFocus = useRef(false);
  const last = rows.findLast(isMessage)?.key;
  const activeKey = chosen !== undefined && rows.some((row) => row.key === chosen) ? chosen : last;

  useEffect(() => {
    if (!moveFocus.current || activeKey === undefined) return;
    moveFocus.current = false;
    // The row may have to be made first: it is there after the scroll that the same key press began.
    requestAnimationFrame(() => {
      scroller.current
        ?.querySelector<HTMLElement>(`[data-key="${CSS.escape(activeKey)}"]`)
        ?.focus({ preventScroll: true });
    });
  }, [activeKey, scroller]);

  const goTo = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    moveFocus.current = true;
    setChosen(row.key);
    virtualizer.scrollToIndex(index, { align: "auto" });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const on = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
    if (event.target !== on) return;
    const at = rows.findIndex((row) => row.key === on?.dataset["key"]);
    const next = targetOf(event.key, rows, at);
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
  };
  return { activeKey, onKeyDown };
}

function targetOf(key: string, rows: readonly Row[], at: number): number | undefined {
  const find = (from: number, step: 1 | -1) => {
    for (let index = from; index >= 0 && index < rows.length; index += step)
      if (isMessage(rows[index])) return index;
    return undefined;
  };
  switch (key) {
    case "ArrowUp":
      return find(at - 1, -1);
    case "ArrowDown":
      return find(at + 1, 1);
    case "Home":
      return find(0, 1);
    case "End":
      return find(rows.length - 1, -1);
    default:
      return undefined;
  }
}
