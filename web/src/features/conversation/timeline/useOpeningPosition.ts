import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Row } from "@/sync/timeline/rows";
import type { Virtual } from "./Timeline";
import type { Following } from "./useFollowing";

/** What tells that somebody has begun to scroll. */
const GESTURES = ["wheel", "touchmove", "keydown", "pointerdown"] as const;
/** Heights are known once rows are drawn, and drawing them moves the goal: it is reached when it stays for so long. */
const STILL_FRAMES = 3;
/** A page whose frames don't come (in a hidden tab) is not waited for. */
const GIVE_UP_MS = 3_000;

type Goal = { readonly at: "end" } | { readonly at: "line"; readonly index: number };

/**
 * Where a room opens: at the line above what is new, else at the end. Done again when the run's first page has come,
 * because what is shown before that may be from an earlier visit, but never under the hands of a reader. Answers
 * whether the place is reached; before that, nothing may be loaded above it.
 */
export function useOpeningPosition(
  virtualizer: Virtual,
  rows: readonly Row[],
  joined: boolean,
  following: Following,
): boolean {
  const [opened, setOpened] = useState(false);
  const touched = useTouched(virtualizer);
  const placed = useRef<"not" | "early" | "joined">("not");
  const latest = useRef(rows);
  latest.current = rows;
  const ready = rows.length > 0;

  useLayoutEffect(() => {
    const stage = joined ? "joined" : "early";
    if (!ready || placed.current === "joined" || placed.current === stage) return;
    placed.current = stage;
    return approach(
      virtualizer,
      following,
      () => goalOf(latest.current),
      () => touched.current,
      () => {
        following.arrived();
        setOpened(true);
      },
    );
  }, [ready, joined, virtualizer, following, touched]);

  return opened;
}

function goalOf(rows: readonly Row[]): Goal {
  const line = rows.findIndex((row) => row.kind === "new");
  return line > 0 ? { at: "line", index: line - 1 } : { at: "end" };
}

/** Goes there frame by frame until the place stays. Returns the way to stop. */
function approach(
  virtualizer: Virtual,
  following: Following,
  goal: () => Goal,
  stopped: () => boolean,
  reached: () => void,
): () => void {
  const begun = performance.now();
  let still = 0;
  let frame = 0;
  const step = () => {
    const at = goal();
    if (stopped() || still >= STILL_FRAMES || performance.now() - begun > GIVE_UP_MS) {
      reached();
      return;
    }
    following.on.current = at.at === "end";
    if (isThere(virtualizer, at)) still += 1;
    else {
      still = 0;
      if (at.at === "end") virtualizer.scrollToEnd();
      else virtualizer.scrollToIndex(at.index, { align: "start" });
    }
    frame = requestAnimationFrame(step);
  };
  step();
  return () => cancelAnimationFrame(frame);
}

function isThere(virtualizer: Virtual, goal: Goal): boolean {
  const element = virtualizer.scrollElement;
  if (element === null) return false;
  const left = element.scrollHeight - element.clientHeight - element.scrollTop;
  if (goal.at === "end") return left < 2;
  const wanted = virtualizer.getOffsetForIndex(goal.index, "start")?.[0];
  // What is new may be too little to stand at the top: then the end is as far as it goes.
  return (
    wanted !== undefined &&
    (Math.abs(wanted - element.scrollTop) < 2 || (wanted > element.scrollTop && left < 2))
  );
}

function useTouched(virtualizer: Virtual): { readonly current: boolean } {
  const touched = useRef(false);
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
  return touched;
}
