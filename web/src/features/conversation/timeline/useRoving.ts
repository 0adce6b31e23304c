import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Row } from "@/sync/timeline/rows";
import type { Virtual } from "./Timeline";
import type { Following } from "./useFollowing";

/** A row that isn't drawn yet takes a few frames to be there. */
const FRAMES_MAX = 60;

const isMessage = (row: Row | undefined) => row?.kind === "message" || row?.kind === "waiting";

/** One message at a time can be reached by Tab; the arrow keys go from one to the next. */
export function useRoving(
  virtualizer: Virtual,
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
  following: Following,
): { readonly activeKey: string | undefined; onKeyDown(event: KeyboardEvent): void } {
  const [chosen, setChosen] = useState<string>();
  // Where focus is on its way to: keys pressed faster than it moves go on from there.
  const goal = useRef<string>(undefined);
  const focusSoon = useFocusSoon(scroller, goal);
  const last = rows.findLast(isMessage)?.key;
  const activeKey = chosen !== undefined && rows.some((row) => row.key === chosen) ? chosen : last;

  const onKeyDown = (event: KeyboardEvent) => {
    const on = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
    if (event.target !== on) return;
    const from = goal.current ?? on?.dataset["key"];
    const next = targetOf(
      event.key,
      rows,
      rows.findIndex((row) => row.key === from),
    );
    const row = next === undefined ? undefined : rows[next];
    if (next === undefined || row === undefined) return;
    event.preventDefault();
    setChosen(row.key);
    following.lead(() => virtualizer.scrollToIndex(next, { align: "auto" }));
    focusSoon(row.key);
  };
  return { activeKey, onKeyDown };
}

/** Moves focus to a message as soon as it is drawn. */
function useFocusSoon(
  scroller: RefObject<HTMLDivElement | null>,
  goal: RefObject<string | undefined>,
): (key: string) => void {
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return useCallback(
    (key: string) => {
      goal.current = key;
      cancelAnimationFrame(frame.current);
      let frames = 0;
      const look = () => {
        const element = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
        frames += 1;
        if (element == null && frames < FRAMES_MAX) {
          frame.current = requestAnimationFrame(look);
          return;
        }
        element?.focus({ preventScroll: true });
        goal.current = undefined;
      };
      frame.current = requestAnimationFrame(look);
    },
    [scroller, goal],
  );
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
