import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api, call, type Room } from "@/api";
import { QueryView } from "@/app/layout/QueryView";
import { navigate, to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { t, Written } from "@/i18n";
import { useLive, useRooms } from "@/realtime";
import { Button, Dialog, EmptyState, List, ListRow, TextField } from "@/ui";
import { Hash, Search } from "@/ui/icons";
import { closeOverlay, overlay } from "../overlay";
import { RoomSign } from "../RoomSign";
import styles from "../rooms.module.css";

const PAGE = 50;

/** The rooms that are open to everybody. */
export function BrowseRooms() {
  const [text, setText] = useState("");
  const prefix = useDeferredValue(text.trim());
  const rooms = useInfiniteQuery({
    queryKey: ["rooms", "public", prefix],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(prefix === "" ? {} : { prefix }),
        ...(pageParam === "" ? {} : { after: pageParam }),
      };
      return call(api.GET("/rooms", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });

  return (
    <Dialog open title={t("rooms.browseTitle")} onClose={closeOverlay} size="l">
      <div className={styles["form"]}>
        <TextField
          label={t("rooms.browseSearch")}
          labelHidden
          leading={<Search size={16} aria-hidden />}
          placeholder={t("rooms.browseSearch")}
          value={text}
          onChange={setText}
          type="search"
          autoFocus
        />
        <QueryView query={rooms}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <NoRooms searched={prefix !== ""} />;
            return (
              <>
                <List label={t("rooms.browseTitle")}>
                  {items.map(({ room }) => (
                    <PublicRoom key={room.id} room={room} />
                  ))}
                </List>
                {rooms.hasNextPage && (
                  <Button
                    variant="quiet"
                    busy={rooms.isFetchingNextPage}
                    onClick={() => void rooms.fetchNextPage()}
                  >
                    {t("common.loadMore")}
                  </Button>
                )}
              </>
            );
          }}
        </QueryView>
      </div>
    </Dialog>
  );
}

function NoRooms({ searched }: { readonly searched: boolean }) {
  return (
    <EmptyState
      compact
      icon={<Hash />}
      title={t(searched ? "rooms.browseNoMatch" : "rooms.browseEmpty")}
      action={<Button onClick={() => overlay.set("create")}>{t("rooms.new")}</Button>}
    />
  );
}

function PublicRoom({ room }: { readonly room: Room }) {
  const live = useLive();
  const joined = useRooms().listings.has(room.id);
  const join = useAction(async () => {
    const listing = await call(api.POST("/rooms/{room}/join", { params: { path: { room: room.id } } }));
    live.rooms.apply({ name: "room.changed", data: { listing } });
    open();
  }, ["rooms", "public"]);
  const open = () => {
    closeOverlay();
    navigate(to.room(room.id));
  };

  return (
    <ListRow
      leading={<RoomSign listing={{ room, others: [] }} />}
      title={<Written>{room.name}</Written>}
      detail={
        <>
          {t("rooms.memberCount", { count: room.members })}
          {room.topic !== "" && (
            <>
              {" · "}
              <Written>{room.topic}</Written>
            </>
          )}
        </>
      }
      trailing={
        joined ? (
          <Button size="s" variant="quiet" onClick={open}>
            {t("rooms.open")}
          </Button>
        ) : (
          <Button size="s" busy={join.isPending} onClick={() => join.mutate()}>
            {t("rooms.join")}
          </Button>
        )
      }
    />
  );
}
