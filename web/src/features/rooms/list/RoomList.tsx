import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useMemo, useRef, useState } from "react";
import { explain, OfflineError } from "@/api";
import { usePlace } from "@/app/router";
import { t } from "@/i18n";
import { useLive, useRooms, useSections, useStore } from "@/realtime";
import { Button, EmptyState, ErrorState, SkeletonRows } from "@/ui";
import { MessagesSquare } from "@/ui/icons";
import { overlay } from "../overlay";
import { ListHead } from "./ListHead";
import styles from "./RoomList.module.css";
import { RoomRow } from "./RoomRow";
import { buildListRows, type ListRow } from "./rows";
import { SectionRow } from "./SectionRow";
import { useListKeys } from "./useListKeys";
import { useNextUnread } from "./useNextUnread";

const ROW_PX = 36;
const ROW_TOUCH_PX = 52;
const SECTION_PX = 40;

/** The list of one's rooms, in the sidebar: thousands of rows cost no more than what is in sight. */
export function RoomList() {
  const { loaded, listings } = useRooms();
  const sections = useSections();
  const [unreadOnly, setUnreadOnly] = useState(false);
  const [archivedShown, setArchivedShown] = useState(false);
  const { path } = usePlace();
  const current = decodeURIComponent(path.split("/")[2] ?? "");
  const rows = useMemo(
    () => buildListRows(sections, { unreadOnly, archivedShown, keep: current }),
    [sections, unreadOnly, archivedShown, current],
  );
  useNextUnread(sections, current, loaded);

  return (
    <nav className={styles["nav"]} aria-label={t("rooms.list")}>
      <ListHead unreadOnly={unreadOnly} onUnreadOnly={setUnreadOnly} unread={sections.unread_rooms} />
      {listings.size > 0 ? (
        <Rows rows={rows} onArchived={() => setArchivedShown(!archivedShown)} archivedShown={archivedShown} />
      ) : (
        <Instead loaded={loaded} />
      )}
    </nav>
  );
}

interface RowsProps {
  readonly rows: readonly ListRow[];
  readonly archivedShown: boolean;
  readonly onArchived: () => void;
}

function Rows({ rows, archivedShown, onArchived }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [touch] = useState(() => matchMedia("(pointer: coarse)").matches);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: useCallback(
      (index: number) => (rows[index]?.kind === "section" ? SECTION_PX : touch ? ROW_TOUCH_PX : ROW_PX),
      [rows, touch],
    ),
    overscan: 10,
    paddingEnd: 8,
  });
  const onKeyDown = useListKeys(rows, virtualizer, scroller);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from link to link
    <div ref={scroller} className={styles["scroller"]} onKeyDown={onKeyDown}>
      <div className={styles["sizer"]} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              className={styles["place"]}
              data-index={item.index}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row.kind === "section" ? (
                <SectionRow
                  section={row.section}
                  count={row.count}
                  open={archivedShown}
                  onToggle={onArchived}
                />
              ) : (
                <RoomRow listing={row.listing} name={row.name} />
              )}
            </div>
          );
        })}
      </div>
      {rows.length === 0 && <p className={styles["none"]}>{t("rooms.allRead")}</p>}
    </div>
  );
}

function Instead({ loaded }: { readonly loaded: boolean }) {
  const live = useLive();
  const failure = useStore(live.rooms.failure);
  if (loaded) {
    return (
      <EmptyState
        compact
        icon={<MessagesSquare />}
        title={t("rooms.noneTitle")}
        action={<Button onClick={() => overlay.set("browse")}>{t("rooms.browse")}</Button>}
      >
        {t("rooms.noneDetail")}
      </EmptyState>
    );
  }
  if (failure !== undefined) {
    return (
      <ErrorState
        compact
        title={t("rooms.listFailed")}
        detail={explain(failure)}
        offline={failure instanceof OfflineError}
        onRetry={() => void live.rooms.refresh()}
      />
    );
  }
  return (
    <div className={styles["skeleton"]}>
      <SkeletonRows count={8} />
    </div>
  );
}
