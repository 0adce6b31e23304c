import { t } from "@/i18n";
import { cx, IconButton } from "@/ui";
import { ChevronRight, Plus } from "@/ui/icons";
import { overlay } from "../overlay";
import styles from "./RoomList.module.css";
import type { SectionName } from "./rows";

interface Props {
  readonly section: SectionName;
  readonly count: number;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** The heading of a section; archived rooms open on demand. */
export function SectionRow({ section, count, open, onToggle }: Props) {
  if (section === "archived") {
    return (
      <button type="button" className={styles["section"]} aria-expanded={open} onClick={onToggle}>
        <ChevronRight size={14} aria-hidden className={cx(styles["chevron"], open && styles["open"])} />
        {t("rooms.archivedCount", { count })}
      </button>
    );
  }
  const rooms = section === "rooms";
  return (
    <div className={styles["section"]}>
      <h2 className={styles["sectionName"]}>{t(rooms ? "rooms.rooms" : "rooms.direct")}</h2>
      <IconButton
        size="s"
        className={styles["add"]}
        label={t(rooms ? "rooms.new" : "rooms.newMessage")}
        icon={<Plus size={16} aria-hidden />}
        onClick={() => overlay.set(rooms ? "create" : "message")}
      />
    </div>
  );
}
