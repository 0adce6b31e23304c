import { useEffect, useRef, useState } from "react";
import { t } from "@/i18n";
import type { Serial } from "@/sync/model";
import type { Row } from "@/sync/timeline/rows";
import { hasOlder, lowerBound, newestSerial, type Timeline } from "@/sync/timeline/state";
import { ArrowDown, ArrowUp } from "@/ui/icons";
import { useRoom, useRoomListing } from "../RoomContext";
import type { Virtual } from "./Timeline";
import styles from "./Timeline.module.css";
import type { Following } from "./useFollowing";

interface JumpProps {
  readonly shown: boolean;
  readonly timeline: Timeline;
  readonly onJump: () => void;
}

/** The way back to the end, and how much came while one was up there. */
export function JumpButton({ shown, timeline, onJump }: JumpProps) {
  const { me } = useRoom();
  const newest = newestSerial(timeline);
  const left = useRef<Serial>(undefined);
  useEffect(() => {
    if (!shown) left.current = newest;
  }, [shown, newest]);

  if (!shown) return null;
  const from = left.current ?? newest;
  const behind = from === undefined ? [] : timeline.messages.slice(lowerBound(timeline.messages, from));
  const count = behind.filter((message) => message.serial !== from && message.author !== me).length;
  return (
    <button type="button" className={styles["jump"]} onClick={onJump}>
      {count > 0 ? t("conversation.newBelow", { count }) : t("conversation.jump")}
      <ArrowDown size={16} aria-hidden />
    </button>
  );
}

/** How many pages are fetched at most on the way to what was read last. */
const PAGES_MAX = 40;

interface UnreadProps {
  readonly rows: readonly Row[];
  readonly timeline: Timeline;
  readonly virtualizer: Virtual;
  readonly following: Following;
  readonly marker: Serial | null | undefined;
}

/** The way up to the first unread message, when more is unread than what was loaded. */
export function UnreadButton({ rows, timeline, virtualizer, following, marker }: UnreadProps) {
  const { live } = useRoom();
  const listing = useRoomListing();
  const [count] = useState(listing.unread.unread);
  const [state, setState] = useState<"offered" | "going" | "done">("offered");
  const line = rows.findIndex((row) => row.kind === "new");

  useEffect(() => {
    if (state !== "going" || line < 0) return;
    following.lead(() => virtualizer.scrollToIndex(line, { align: "start" }));
    setState("done");
  }, [state, line, virtualizer, following]);

  async function go() {
    setState("going");
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const now = live.timeline.get();
      const first = now.messages[0];
      if (first === undefined || !hasOlder(now)) return;
      if (typeof marker === "string" && first.serial <= marker) return;
      await live.fetchBefore(first.serial);
      if (live.fetching.get().failed_before.has(first.serial)) break;
    }
    setState("offered");
  }

  const beyond = marker !== undefined && line < 0 && hasOlder(timeline) && count > 0;
  if (state === "done" || !beyond) return null;
  return (
    <button type="button" className={styles["unread"]} disabled={state === "going"} onClick={() => void go()}>
      <ArrowUp size={16} aria-hidden />
      {t("conversation.unreadAbove", { count })}
    </button>
  );
}
