import { useState } from "react";
import { api, call, type Room } from "@/api";
import { More } from "@/app/layout/More";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { usePaged } from "@/app/usePaged";
import { t, Written } from "@/i18n";
import { Button, ConfirmDialog, EmptyState, List, ListRow, Section, Tag } from "@/ui";
import { Hash, Lock, MessageCircle } from "@/ui/icons";

const ROOMS = ["admin", "rooms"];

/** All rooms by name and number. What is said in them is their members' alone. */
export function Rooms() {
  const rooms = usePaged(ROOMS, (query) => call(api.GET("/admin/rooms", { params: { query } })));
  return (
    <Page title={t("admin.rooms")} back={to.admin()}>
      <Section title={t("admin.roomsAll")} description={t("admin.roomsDetail")}>
        <QueryView query={rooms}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState compact icon={<Hash />} title={t("admin.roomsEmpty")} />
            ) : (
              <List label={t("admin.rooms")}>
                {items.map((room) => (
                  <RoomRow key={room.id} room={room} />
                ))}
              </List>
            )
          }
        </QueryView>
        <More list={rooms} />
      </Section>
    </Page>
  );
}

const ICONS = { public: Hash, private: Lock, direct: MessageCircle };

function RoomRow({ room }: { readonly room: Room }) {
  const [asking, setAsking] = useState(false);
  const path = { room: room.id };
  const archive = useAction(
    (archived: boolean) => call(api.PATCH("/rooms/{room}", { params: { path }, body: { archived } })),
    ROOMS,
  );
  const archived = room.archived_ms != null;
  const Icon = ICONS[room.kind];
  const people = t("admin.peopleCount", { count: room.members });
  return (
    <>
      <ListRow
        faded={archived}
        leading={<Icon size={18} aria-hidden />}
        title={
          <>
            <Written>{room.kind === "direct" ? t("admin.roomDirect") : room.name}</Written>
            {archived && <Tag>{t("admin.archived")}</Tag>}
          </>
        }
        detail={`${people} · ${t("admin.messagesCount", { count: room.messages })}`}
        trailing={
          room.kind !== "direct" && (
            <Button
              size="s"
              variant="quiet"
              busy={archive.isPending}
              onClick={() => (archived ? archive.mutate(false) : setAsking(true))}
            >
              {archived ? t("admin.unarchive") : t("admin.archive")}
            </Button>
          )
        }
      />
      <ConfirmDialog
        open={asking}
        title={t("admin.archiveTitle", { name: room.name })}
        confirm={t("admin.archive")}
        onConfirm={() => archive.mutateAsync(true)}
        onClose={() => setAsking(false)}
      >
        {t("admin.archiveDetail")}
      </ConfirmDialog>
    </>
  );
}
