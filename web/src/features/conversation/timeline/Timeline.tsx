import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useRef } from "react";
import { connection, isLongAway } from "@/app/connection";
import { useWatched } from "@/app/status/value";
import { t } from "@/i18n";
import { useStore } from "@/realtime";
import { hasOlder } from "@/sync/timeline/state";
import { cx, SkeletonRows, Spinner } from "@/ui";
import { useRoom } from "../RoomContext";
import { Announcer } from "./Announcer";
import { JumpButton, UnreadButton } from "./Buttons";
import { estimateHeight } from "./estimate";
import { END_PX } from "./following";
import { RowView } from "./RowView";
import { StickyDay } from "./StickyDay";
import styles from "./Timeline.module.css";
import { TimelineState } from "./TimelineState";
import { useEnd, useFollowing } from "./useFollowing";
import { useOpeningPosition } from "./useOpeningPosition";
import { useReading } from "./useReading";
import { useRoving } from "./useRoving";
import { useRows } from "./useRows";

/** Older messages are fetched when less than this is left above. */
const AHEAD_PX = 1_600;
/** Room for the sign that older ones are being fetched; always there, so that its coming moves nothing. */
const TOP_PX = 56;
const BOTTOM_PX = 12;

/** The messages of the room: as many elements as fit the screen, however long it is. */
export function Timeline() {
  const { live } = useRoom();
  const scroller = useRef<HTMLDivElement>(null);
  const timeline = useStore(live.timeline);
  const fetching = useStore(live.fetching);
  const offline = isLongAway(useWatched(connection));
  const { atEnd, following } = useFollowing(scroller);
  const { rows, marker, setMarker } = useRows(timeline);
  const first = timeline.messages[0]?.serial;
  const older = hasOlder(timeline);

  const openedRef = useRef(false);
  const failed = first !== undefined && fetching.failed_before.has(first);
  const fetchOlder = useCallback(() => {
    if (older && first !== undefined && !failed) void live.fetchBefore(first);
  }, [older, first, failed, live]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: useCallback((index: number) => estimateHeight(rows[index]), [rows]),
    overscan: 8,
    paddingStart: TOP_PX,
    paddingEnd: BOTTOM_PX,
    anchorTo: "end",
    scrollEndThreshold: END_PX,
    scrollToFn: following.scrollToFn,
    useFlushSync: false,
    onChange: (instance) => {
      if (openedRef.current && (instance.scrollOffset ?? 0) < AHEAD_PX) fetchOlder();
    },
  });

  const opened = useOpeningPosition(virtualizer, rows, timeline.joined, following);
  useEffect(() => {
    openedRef.current = opened;
    if (opened && (virtualizer.scrollOffset ?? 0) < AHEAD_PX) fetchOlder();
  }, [opened, virtualizer, fetchOlder]);
  useReading({ timeline, atEnd: atEnd && opened, marker, setMarker });
  useEnd(virtualizer, rows, scroller, following);
  const roving = useRoving(virtualizer, rows, scroller, following);
  const toEnd = useCallback(() => virtualizer.scrollToEnd(), [virtualizer]);

  const empty = rows.length === 0;
  return (
    <div className={styles["pane"]}>
      <section
        ref={scroller}
        className={styles["scroller"]}
        aria-label={t("conversation.messages")}
        aria-busy={!offline && fetching.newest === "loading"}
        data-timeline
        onKeyDown={(event: KeyboardEvent) => roving.onKeyDown(event)}
      >
        {empty && !offline && fetching.newest === "loading" && <Skeleton />}
        <TimelineState empty={empty} />
        <div className={styles["sizer"]} style={{ height: virtualizer.getTotalSize() }}>
          {older && first !== undefined && (
            <div className={styles["older"]}>
              {failed ? (
                <button
                  type="button"
                  className={styles["again"]}
                  onClick={() => void live.fetchBefore(first)}
                >
                  {t("conversation.olderFailed")}
                </button>
              ) : (
                <Spinner />
              )}
            </div>
          )}
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={styles["row"]}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowView row={row} position={item.index} active={roving.activeKey === row.key} />
              </div>
            );
          })}
        </div>
      </section>
      <StickyDay rows={rows} virtualizer={virtualizer} atEnd={atEnd} />
      <UnreadButton
        rows={rows}
        timeline={timeline}
        virtualizer={virtualizer}
        following={following}
        marker={marker}
      />
      <JumpButton shown={!atEnd && opened && !empty} timeline={timeline} onJump={toEnd} />
      <Announcer />
    </div>
  );
}

function Skeleton() {
  return (
    <div className={cx(styles["skeleton"])}>
      <SkeletonRows count={6} />
    </div>
  );
}

type Virtual = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;
type Rows = ReturnType<typeof useRows>["rows"];

export type { Rows, Virtual };
