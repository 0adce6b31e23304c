import { useRef } from "react";
import { formatDay } from "@/i18n";
import type { Row } from "@/sync/timeline/rows";
import { useNow } from "@/ui";
import type { Virtual } from "./Timeline";
import styles from "./Timeline.module.css";

/** A time on the day that the row at `index` belongs to; undefined where the day stands there itself, or is not known. */
export function dayAt(rows: readonly Row[], index: number): number | undefined {
  if (rows[index]?.kind === "day") return undefined;
  for (let at = index; at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind === "message") return row.message.sent_ms;
    if (row?.kind === "day") return row.ms;
    if (row?.kind === "waiting") return row.entry.written_ms;
  }
  return undefined;
}

/**
 * Of which day the topmost message is, while one scrolls what was before: at the end the list moves by itself. The
 * days' own rows say it to screen readers.
 */
export function StickyDay({
  rows,
  virtualizer,
  atEnd,
}: {
  readonly rows: readonly Row[];
  readonly virtualizer: Virtual;
  readonly atEnd: boolean;
}) {
  const now = useNow();
  const ms = dayAt(rows, virtualizer.range?.startIndex ?? 0);
  const last = useRef(ms);
  if (ms !== undefined) last.current = ms;
  if (last.current === undefined) return null;
  const shown = virtualizer.isScrolling && !atEnd && ms !== undefined;
  return (
    <div aria-hidden className={styles["stickyDay"]} data-shown={shown || undefined}>
      {formatDay(last.current, now)}
    </div>
  );
}
