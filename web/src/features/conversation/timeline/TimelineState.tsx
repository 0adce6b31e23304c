import { t } from "@/i18n";
import { useStore } from "@/realtime";
import { Banner, Button, ErrorState } from "@/ui";
import { useRoom } from "../RoomContext";
import styles from "./Timeline.module.css";

/** What is to say instead of, or besides, messages: they can't be had, or no longer. */
export function TimelineState({ empty }: { readonly empty: boolean }) {
  const { live } = useRoom();
  const link = useStore(live.roomLink);
  const fetching = useStore(live.fetching);
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
