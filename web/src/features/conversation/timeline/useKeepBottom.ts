import { type RefObject, useEffect } from "react";

/**
 * Keeps what is at the pane's lower edge there when its height changes: a banner above, a composer that grows, or a
 * phone's keyboard must not push the newest message out of sight.
 */
export function useKeepBottom(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const grown = element.clientHeight - height;
      height += grown;
      element.scrollTop = kept(element, grown);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}

/** Where to scroll to after the pane has grown by so many pixels. */
function kept({ scrollTop, scrollHeight, clientHeight }: HTMLElement, grown: number): number {
  // At the end of a pane that has grown, the browser has done it: there was nothing further down to show.
  const ended = scrollHeight - clientHeight - scrollTop < 1;
  return grown > 0 && ended ? scrollTop : scrollTop - grown;
}
