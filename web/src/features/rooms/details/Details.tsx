import { useState } from "react";
import { useMe } from "@/api";
import { t } from "@/i18n";
import { roomName, usePeople } from "@/realtime";
import type { RoomListing } from "@/sync/model";
import { Dialog, Tabs } from "@/ui";
import styles from "../rooms.module.css";
import { About } from "./About";
import { Invitations } from "./Invitations";
import { Members } from "./Members";
import { permissionsIn } from "./permissions";

interface Props {
  readonly listing: RoomListing;
  readonly onClose: () => void;
}

type Part = "about" | "members" | "invitations";

/** The room's card: what it is, who is in it, and the ways in. */
export function Details({ listing, onClose }: Props) {
  const me = useMe();
  const people = usePeople();
  const [part, setPart] = useState<Part>("about");
  const may = permissionsIn(listing, me);
  const tabs = [
    {
      value: "about" as const,
      label: t("rooms.about"),
      content: <About listing={listing} may={may} onGone={onClose} />,
    },
    {
      value: "members" as const,
      label: t("rooms.members", { count: listing.room.members }),
      content: <Members listing={listing} may={may} />,
    },
    ...(may.invite
      ? [
          {
            value: "invitations" as const,
            label: t("rooms.invitations"),
            content: <Invitations room={listing.room.id} />,
          },
        ]
      : []),
  ];
  return (
    <Dialog open size="l" title={roomName(listing, people)} onClose={onClose}>
      <div className={styles["card"]}>
        <Tabs label={t("rooms.details")} value={part} tabs={tabs} onChange={setPart} />
      </div>
    </Dialog>
  );
}
