import { useQuery } from "@tanstack/react-query";
import { ApiError, api, call, explain, isTransient, OfflineError } from "@/api";
import { PageHeader } from "@/app/layout/PageHeader";
import { navigate, to } from "@/app/router";
import { useTitle } from "@/app/title";
import { useAction } from "@/app/useAction";
import { t, Written } from "@/i18n";
import { useLive } from "@/realtime";
import type { RoomId } from "@/sync/model";
import { Button, EmptyState, ErrorState, LoadingState } from "@/ui";
import { CircleX, Hash } from "@/ui/icons";
import { RoomSign } from "./RoomSign";

interface Props {
  readonly room: RoomId;
  /** One was in it a moment ago, with this room on the screen. */
  readonly left?: boolean;
}

/** A room that one is not in: the way in if it is open to everybody, else that there is nothing. */
export function RoomPreview({ room: id, left = false }: Props) {
  const live = useLive();
  const path = { room: id };
  const query = useQuery({
    queryKey: ["room", id, "preview"],
    queryFn: () => call(api.GET("/rooms/{room}", { params: { path } })),
  });
  const join = useAction(async () => {
    const listing = await call(api.POST("/rooms/{room}/join", { params: { path } }));
    live.rooms.apply({ name: "room.changed", data: { listing } });
  }, ["room", id]);
  const room = query.data;
  useTitle(room?.name ?? "");

  if (query.isPending) return <LoadingState />;
  const error = query.error;
  if (error !== null && isTransient(error)) {
    return (
      <>
        <PageHeader back={to.home()} title={t("rooms.roomFailed")} />
        <ErrorState
          title={t("rooms.roomFailed")}
          detail={explain(error)}
          offline={error instanceof OfflineError}
          onRetry={() => void query.refetch()}
        />
      </>
    );
  }
  if (room === undefined || room.kind !== "public") {
    const gone = error === null || (error instanceof ApiError && error.status === 404);
    const title = t(left ? "rooms.leftTitle" : "rooms.noRoomTitle");
    const home = (
      <Button variant="primary" onClick={() => navigate(to.home(), { replace: true })}>
        {t("shell.notFoundHome")}
      </Button>
    );
    return (
      <>
        <PageHeader back={to.home()} title={title} />
        <EmptyState icon={<CircleX />} title={title} action={home}>
          {gone ? t(left ? "rooms.leftDetail" : "rooms.noRoomDetail") : explain(error)}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader
        back={to.home()}
        leading={<RoomSign listing={{ room, others: [] }} />}
        title={<Written>{room.name}</Written>}
        detail={room.topic === "" ? undefined : <Written>{room.topic}</Written>}
      />
      <EmptyState
        icon={<Hash />}
        title={t("rooms.joinTitle")}
        action={
          <Button variant="primary" busy={join.isPending} onClick={() => join.mutate()}>
            {t("rooms.join")}
          </Button>
        }
      >
        {t("rooms.memberCount", { count: room.members })}
      </EmptyState>
    </>
  );
}
