import { memo } from "react";
import { Link, to, usePlace } from "@/app/router";
import { t, Written } from "@/i18n";
import { useLive } from "@/realtime";
import type { RoomListing } from "@/sync/model";
import { cx } from "@/ui";
import { Pencil } from "@/ui/icons";
import { RoomSign } from "../RoomSign";
import styles from "./RoomList.module.css";
import { RoomMarks } from "./RoomMarks";

interface Props {
  readonly listing: RoomListing;
  readonly name: string;
}

/** A room in the list: bold when something is unread, with a number when it is meant for oneself. */
export const RoomRow = memo(function RoomRow({ listing, name }: Props) {
  const { drafts } = useLive();
  const { path } = usePlace();
  const { room, unread } = listing;
  const isUnread = unread.unread > 0;
  return (
    <Link
      to={to.room(room.id)}
      className={cx(styles["room"], isUnread && styles["unread"])}
      data-room={room.id}
    >
      <RoomSign listing={listing} size="s" />
      <span className={styles["name"]}>
        <Written>{name}</Written>
      </span>
      {path !== to.room(room.id) && drafts.get(room.id) !== "" && (
        <Pencil size={14} aria-label={t("rooms.draft")} className={styles["draft"]} />
      )}
      <RoomMarks listing={listing} />
    </Link>
  );
});
