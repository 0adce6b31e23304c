import { elementScroll, type VirtualizerOptions } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { END_PX, follows, placeOf } from "./following";
import type { Rows, Virtual } from "./Timeline";

type ScrollTo = VirtualizerOptions<HTMLDivElement, Element>["scrollToFn"];

export interface Following {
  /** Whether what comes is kept in view. */
  readonly on: RefObject<boolean>;
  /** For the virtualizer: writes a position, and remembers that the reader hasn't. */
  readonly scrollToFn: ScrollTo;
  /** Brings the reader to another place, as if they had scrolled there themselves. */
  lead(go: () => void): void;
  /** The reader has been brought to their place: from here on they follow if it is the end. */
  arrived(): void;
  /** Looks whether the end is in view now. */
  look(): void;
}

/** Whether the reader follows the end of the conversation, and whether they see it. */
export function useFollowing(scroller: RefObject<HTMLDivElement | null>): {
  readonly atEnd: boolean;
  readonly following: Following;
} {
  const [atEnd, setAtEnd] = useState(true);
  const on = useRef(false);
  const written = useRef<number>(undefined);
  const leading = useRef(false);

  const following = useMemo<Following>(
    () => ({
      on,
      scrollToFn(offset, options, virtualizer) {
        elementScroll(offset, options, virtualizer);
        // What it has become: the element has edges.
        written.current = leading.current ? undefined : virtualizer.scrollElement?.scrollTop;
      },
      lead(go) {
        leading.current = true;
        go();
        leading.current = false;
      },
      arrived() {
        on.current = isAtEnd(scroller.current);
      },
      look() {
        setAtEnd(isAtEnd(scroller.current));
      },
    }),
    [scroller],
  );

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let place = placeOf(element);
    const scrolled = () => {
      const now = placeOf(element);
      on.current = follows(on.current, place, now, written.current);
      place = now;
      following.look();
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, [scroller, following]);

  return { atEnd, following };
}

function isAtEnd(element: Element | null): boolean {
  return element === null || placeOf(element).below <= END_PX;
}

/**
 * Keeps the end in view for whoever is there, whatever changes: messages that come behind the last one or above one's
 * own that waits, rows that turn out higher than thought, a banner above, a composer that grows, a phone's keyboard.
 */
export function useEnd(
  virtualizer: Virtual,
  rows: Rows,
  scroller: RefObject<HTMLElement | null>,
  following: Following,
): void {
  const total = virtualizer.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever rows or their heights have changed
  useLayoutEffect(() => {
    if (following.on.current) virtualizer.scrollToEnd();
    following.look();
  }, [rows, total, virtualizer, following]);
  useOwn(virtualizer, rows, following);
  usePaneHeight(virtualizer, scroller, following);
}

/** What one writes oneself is brought into view, wherever one has scrolled. */
function useOwn(virtualizer: Virtual, rows: Rows, following: Following): void {
  const last = rows.at(-1);
  const key = last?.kind === "waiting" ? last.key : undefined;
  const seen = useRef(key);
  useEffect(() => {
    if (key === undefined || key === seen.current) return;
    seen.current = key;
    following.on.current = true;
    virtualizer.scrollToEnd();
  }, [key, virtualizer, following]);
}

/** When the pane's height changes, what is at its lower edge stays there. */
function usePaneHeight(
  virtualizer: Virtual,
  scroller: RefObject<HTMLElement | null>,
  following: Following,
): void {
  const resized = useCallback(
    (element: HTMLElement, grown: number) => {
      if (following.on.current) virtualizer.scrollToEnd();
      // At the end of a pane that has grown, the browser has done it: there was nothing further down to show.
      else if (grown < 0 || placeOf(element).below >= 1) virtualizer.scrollBy(-grown);
      following.look();
    },
    [virtualizer, following],
  );
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const grown = element.clientHeight - height;
      height += grown;
      if (grown !== 0) resized(element, grown);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, resized]);
}
