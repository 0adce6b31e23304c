import { useEffect } from "react";
import { t } from "@/i18n";
import { useStore } from "@/realtime";
import type { Serial } from "@/sync/model";
import { Button, Spinner } from "@/ui";
import { useRoom } from "../RoomContext";
import styles from "./Timeline.module.css";

/** A hole: what came while the connection was away. Coming near is asking for it. */
export function GapRow({ before }: { readonly before: Serial }) {
  const { live } = useRoom();
  const { failed_before } = useStore(live.fetching);
  const failed = failed_before.has(before);

  useEffect(() => {
    void live.fetchBefore(before);
  }, [live, before]);

  return (
    <div className={styles["gap"]}>
      {failed ? (
        <Button size="s" onClick={() => void live.fetchBefore(before)}>
          {t("conversation.missedFailed")}
        </Button>
      ) : (
        <>
          <Spinner />
          {t("conversation.missed")}
        </>
      )}
    </div>
  );
}
