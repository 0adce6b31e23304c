import { RoomSign } from "@/features/rooms";
import { formatDate, rich, t, Written } from "@/i18n";
import { roomName, usePeople, usePerson } from "@/realtime";
import { useRoom, useRoomListing } from "../RoomContext";
import styles from "./Timeline.module.css";

/** The very beginning of a room: what it is, and since when. */
export function StartRow() {
  const { me } = useRoom();
  const listing = useRoomListing();
  const { room } = listing;
  const people = usePeople();
  const maker = usePerson(room.created_by);
  const name = <Written>{roomName(listing, people)}</Written>;
  const date = formatDate(room.created_ms);
  const by = maker === undefined ? "…" : <Written>{maker.name}</Written>;

  return (
    <div className={styles["start"]}>
      <RoomSign listing={listing} size="l" />
      <h2 className={styles["startName"]}>{name}</h2>
      <p className={styles["startText"]}>
        {room.kind === "direct"
          ? rich("conversation.startDirect", { name })
          : room.created_by === me
            ? t("conversation.startMine", { date })
            : rich("conversation.startRoom", { by, date })}
      </p>
    </div>
  );
}
