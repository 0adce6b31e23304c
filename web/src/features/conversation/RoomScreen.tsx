import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { explain, OfflineError, useMe } from "@/api";
import { PageHeader } from "@/app/layout/PageHeader";
import { to } from "@/app/router";
import { useTitle } from "@/app/title";
import { leaveFrame } from "@/boot/frame";
import { keepLastRoom } from "@/boot/last-room";
import { RoomPreview } from "@/features/rooms";
import { t } from "@/i18n";
import { type RoomLive, roomName, useListing, useLive, usePeople, useRooms, useStore } from "@/realtime";
import type { RoomId, RoomListing } from "@/sync/model";
import { ErrorState, LoadingState } from "@/ui";
import { Composer } from "./composer/Composer";
import { Notice } from "./composer/Notice";
import { TypingLine } from "./composer/TypingLine";
import { OwnHandle } from "./markdown/Mention";
import { type ComposerHandle, ListingProvider, RoomProvider, type RoomScope } from "./RoomContext";
import { RoomHeader } from "./RoomHeader";
import { ReactionLine } from "./reactions/ReactionLine";
import { Timeline } from "./timeline/Timeline";

/** The room that is open: header, timeline, composer; or why there is nothing to see. */
export function RoomScreen({ roomId }: { readonly roomId: string }) {
  const listing = useListing(roomId);
  const { loaded } = useRooms();
  const inside = useRef<RoomId>(undefined);
  useEffect(() => {
    if (listing !== undefined) inside.current = listing.room.id;
  }, [listing]);
  if (listing !== undefined) return <Opened key={roomId} listing={listing} />;
  return loaded ? <Outside key={roomId} room={roomId} left={inside.current === roomId} /> : <Unknown />;
}

/** A room that one isn't in, or not any more. */
function Outside({ room, left }: { readonly room: RoomId; readonly left: boolean }) {
  useLayoutEffect(leaveFrame, []);
  return <RoomPreview room={room} left={left} />;
}

/** The list hasn't come, and the room isn't in what was kept of it. */
function Unknown() {
  const { rooms } = useLive();
  const failure = useStore(rooms.failure);
  const failed = failure !== undefined;
  useLayoutEffect(() => {
    if (failed) leaveFrame();
  }, [failed]);
  if (!failed) return <LoadingState />;
  return (
    <>
      <PageHeader back={to.home()} title={t("rooms.roomFailed")} />
      <ErrorState
        title={t("rooms.roomFailed")}
        detail={explain(failure)}
        offline={failure instanceof OfflineError}
        onRetry={() => void rooms.refresh()}
      />
    </>
  );
}

/** Follows the room while it is shown. */
function useRoomLive(room: RoomId, speaks: boolean): RoomLive | undefined {
  const { openRooms } = useLive();
  const [live, setLive] = useState<RoomLive>();
  useEffect(() => {
    const opened = openRooms.open(room);
    setLive(opened);
    return () => opened.setPresent(false);
  }, [openRooms, room]);
  useEffect(() => live?.setPresent(speaks), [live, speaks]);
  return live;
}

function Opened({ listing }: { readonly listing: RoomListing }) {
  const me = useMe();
  const people = usePeople();
  const { looking } = useLive();
  const { visible } = useStore(looking);
  const compose = useRef<ComposerHandle>(null);
  const archived = listing.room.archived_ms != null;
  const live = useRoomLive(listing.room.id, visible && !archived);
  const name = roomName(listing, people);
  const { topic } = listing.room;
  const writes = !archived && listing.membership.role !== "read_only";
  useTitle(name);
  useEffect(() => {
    if (writes) keepLastRoom({ person: me.id, room: listing.room.id, name, topic });
  }, [writes, me.id, listing.room.id, name, topic]);
  useLayoutEffect(() => {
    if (!writes) leaveFrame();
  }, [writes]);
  useTypeAnywhere(compose);

  const scope = useMemo<RoomScope | undefined>(
    () => (live === undefined ? undefined : { live, me: me.id, handle: me.handle, compose }),
    [live, me.id, me.handle],
  );
  if (scope === undefined) return null;
  return (
    <RoomProvider value={scope}>
      <ListingProvider value={listing}>
        <OwnHandle value={me.handle}>
          <RoomHeader />
          <Timeline />
          <ReactionLine />
          <TypingLine />
          {writes ? <Composer /> : <Notice />}
        </OwnHandle>
      </ListingProvider>
    </RoomProvider>
  );
}

/** Whoever begins to type without a place for it means the composer. */
function useTypeAnywhere(compose: React.RefObject<ComposerHandle | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const inTimeline =
        target === document.body || target.closest("[data-timeline]") !== null || target.id === "main";
      if (!inTimeline || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const types = event.key.length === 1 && event.key !== " ";
      if (types || (event.key === "Escape" && target !== document.body)) compose.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [compose]);
}
