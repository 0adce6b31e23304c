import { t } from "@/i18n";
import type { RoomListing } from "@/sync/model";
import { callsFor } from "@/sync/rooms/sections";
import { CountBadge } from "@/ui";
import styles from "./RoomList.module.css";

/** What is unread of a room: a number for what is meant for oneself, a dot for the rest. */
export function RoomMarks({ listing }: { readonly listing: RoomListing }) {
  const { room, unread } = listing;
  const calls = callsFor(listing);
  if (calls > 0) {
    const label = t(room.kind === "direct" ? "rooms.unreadCount" : "rooms.mentionCount", { count: calls });
    return <CountBadge count={calls} tone="apricot" label={label} />;
  }
  if (unread.unread === 0) return null;
  return (
    <span className={styles["dot"]}>
      <span className="visually-hidden">{t("rooms.unreadCount", { count: unread.unread })}</span>
    </span>
  );
}
