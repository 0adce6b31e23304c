import { useState } from "react";
import { api, call, useMe } from "@/api";
import { navigate, to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { t } from "@/i18n";
import { useLive } from "@/realtime";
import type { RoomListing } from "@/sync/model";
import { Button, ConfirmDialog } from "@/ui";
import { Archive, LogOut } from "@/ui/icons";
import styles from "../rooms.module.css";
import type { Permissions } from "./permissions";

interface Props {
  readonly listing: RoomListing;
  readonly may: Permissions;
  readonly onGone: () => void;
}

/** The ends of a room: put away for all, or left by oneself. */
export function ArchiveOrLeave({ listing, may, onGone }: Props) {
  const me = useMe();
  const live = useLive();
  const [asking, setAsking] = useState<"archive" | "leave">();
  const { room, membership } = listing;
  const archived = room.archived_ms != null;
  const archive = useAction(
    async (to_archived: boolean) => {
      const params = { path: { room: room.id } };
      const next = await call(api.PATCH("/rooms/{room}", { params, body: { archived: to_archived } }));
      live.rooms.apply({ name: "room.changed", data: { listing: { ...listing, room: next } } });
    },
    ["room", room.id],
  );
  const leave = useAction(async () => {
    const path = { room: room.id, person: me.id };
    await call(api.DELETE("/rooms/{room}/members/{person}", { params: { path } }));
    live.rooms.apply({ name: "room.removed", data: { room: room.id, version: membership.version } });
    live.openRooms.forget(room.id);
    onGone();
    navigate(to.home(), { replace: true });
  }, ["room", room.id]);

  return (
    <div className={styles["actions"]}>
      {may.archive &&
        (archived ? (
          <Button busy={archive.isPending} onClick={() => archive.mutate(false)}>
            {t("rooms.unarchive")}
          </Button>
        ) : (
          <Button icon={<Archive size={16} aria-hidden />} onClick={() => setAsking("archive")}>
            {t("rooms.archive")}
          </Button>
        ))}
      <Button
        variant="danger-quiet"
        icon={<LogOut size={16} aria-hidden />}
        onClick={() => setAsking("leave")}
      >
        {t("rooms.leave")}
      </Button>
      <ConfirmDialog
        open={asking === "archive"}
        title={t("rooms.archiveTitle")}
        confirm={t("rooms.archive")}
        onConfirm={() => archive.mutateAsync(true)}
        onClose={() => setAsking(undefined)}
      >
        {t("rooms.archiveDetail")}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "leave"}
        danger
        title={t("rooms.leaveTitle")}
        confirm={t("rooms.leave")}
        onConfirm={() => leave.mutateAsync()}
        onClose={() => setAsking(undefined)}
      >
        {t(room.kind === "private" ? "rooms.leavePrivate" : "rooms.leavePublic")}
      </ConfirmDialog>
    </div>
  );
}
