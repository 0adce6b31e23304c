import { connection, isLongAway } from "@/app/connection";
import { useWatched } from "@/app/status/value";
import { t } from "@/i18n";
import { useSelected, useStore } from "@/realtime";
import { Banner, Button, EmptyState, ErrorState } from "@/ui";
import { WifiOff } from "@/ui/icons";
import { useRoom, useRoomListing } from "../RoomContext";
import styles from "./Timeline.module.css";

/** What is to say instead of, or besides, messages: they can't be had, or no longer. */
export function TimelineState({ empty }: { readonly empty: boolean }) {
  const { live } = useRoom();
  const link = useStore(live.roomLink);
  const fetching = useStore(live.fetching);
  const { room } = useRoomListing();
  const nothing = useSelected(live.timeline, ({ messages }) => messages.length === 0);
  const away = isLongAway(useWatched(connection));
  const again = () => void live.fetchNewest();

  if (link.state === "refused") {
    return empty ? (
      <div className={styles["state"]}>
        <ErrorState title={t("conversation.refusedTitle")} detail={link.detail} />
      </div>
    ) : (
      <Banner flush tone="danger" title={t("conversation.refusedTitle")}>
        {link.detail}
      </Banner>
    );
  }
  if (away && nothing && room.messages > 0) return empty ? <NotHere /> : <NotHereBanner />;
  if (fetching.newest !== "failed") return null;
  if (empty) {
    return (
      <div className={styles["state"]}>
        <ErrorState title={t("conversation.loadFailed")} onRetry={again} />
      </div>
    );
  }
  return (
    <Banner
      flush
      tone="warning"
      action={
        <Button size="s" variant="quiet" onClick={again}>
          {t("common.retry")}
        </Button>
      }
    >
      {t("conversation.loadFailed")}
    </Banner>
  );
}

/** Without a network, and nothing of the room was kept. */
function NotHere() {
  return (
    <div className={styles["state"]}>
      <EmptyState tone="apricot" icon={<WifiOff />} title={t("conversation.notHereTitle")}>
        {t("conversation.notHere")}
      </EmptyState>
    </div>
  );
}

/** The same above what waits to be sent. */
function NotHereBanner() {
  return (
    <Banner flush icon={<WifiOff size={18} aria-hidden />}>
      {t("conversation.notHereTitle")}
    </Banner>
  );
}
