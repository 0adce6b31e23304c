/** Whether the reader is taken along with the end of the conversation. */

/** So near to the end still counts as being there: no more than half a line is out of sight. */
export const END_PX = 24;
/** Positions are rounded differently from place to place. */
const ROUNDING_PX = 1.5;

export interface Place {
  readonly top: number;
  /** How much of the conversation is below the edge. */
  readonly below: number;
}

export function placeOf({ scrollTop, scrollHeight, clientHeight }: Element): Place {
  return { top: scrollTop, below: Math.max(0, scrollHeight - clientHeight - scrollTop) };
}

/**
 * Whether the reader follows the end after a scroll. Only they themselves leave it: where the list has `written` the
 * position, because rows have come or have turned out higher than thought, says nothing about what they want.
 */
export function follows(followed: boolean, before: Place, now: Place, written: number | undefined): boolean {
  if (now.below <= ROUNDING_PX) return true;
  if (written !== undefined && Math.abs(now.top - written) <= ROUNDING_PX) return followed;
  if (now.top < before.top) return false;
  return followed || (now.top > before.top && now.below <= END_PX);
}
