import { useState } from "react";
import { PageHeader } from "@/app/layout/PageHeader";
import { to } from "@/app/router";
import { RoomDetails, RoomSign } from "@/features/rooms";
import { t, Written } from "@/i18n";
import { roomName, usePeople } from "@/realtime";
import { IconButton, Tag } from "@/ui";
import { Info } from "@/ui/icons";
import { Here } from "./people/Here";
import { useRoomListing } from "./RoomContext";
import styles from "./RoomScreen.module.css";

/** What the room is called and about, who is here, and the way to everything else about it. */
export function RoomHeader() {
  const listing = useRoomListing();
  const people = usePeople();
  const [details, setDetails] = useState(false);
  const { room } = listing;

  return (
    <>
      <PageHeader
        back={to.home()}
        leading={<RoomSign listing={listing} />}
        title={
          <button type="button" className={styles["title"]} onClick={() => setDetails(true)}>
            <Written>{roomName(listing, people)}</Written>
            {room.archived_ms != null && <Tag>{t("rooms.archived")}</Tag>}
          </button>
        }
        detail={room.topic === "" ? undefined : <Written title={room.topic}>{room.topic}</Written>}
        actions={
          <>
            <Here />
            <IconButton
              label={t("rooms.details")}
              aria-haspopup="dialog"
              icon={<Info size={20} aria-hidden />}
              onClick={() => setDetails(true)}
            />
          </>
        }
      />
      <RoomDetails listing={listing} open={details} onClose={() => setDetails(false)} />
    </>
  );
}
