import { t } from "@/i18n";
import { Archive, Eye } from "@/ui/icons";
import { useRoomListing } from "../RoomContext";
import styles from "./Notice.module.css";

/** Why there is no composer here. */
export function Notice() {
  const listing = useRoomListing();
  const archived = listing.room.archived_ms != null;
  return (
    <p className={styles["notice"]}>
      {archived ? <Archive size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
      {archived ? t("conversation.archived") : t("conversation.readOnly")}
    </p>
  );
}
