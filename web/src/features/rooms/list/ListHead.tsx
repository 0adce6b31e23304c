import { t } from "@/i18n";
import { IconButton, Kbd, Logo, Menu, MenuItem } from "@/ui";
import { Globe, Hash, MailOpen, MessageCircle, Plus, Search } from "@/ui/icons";
import { overlay } from "../overlay";
import styles from "./RoomList.module.css";

interface Props {
  readonly unreadOnly: boolean;
  readonly unread: number;
  readonly onUnreadOnly: (only: boolean) => void;
}

/** The head of the list: find, make, and see only what is new. */
export function ListHead({ unreadOnly, unread, onUnreadOnly }: Props) {
  return (
    <div className={styles["head"]}>
      <div className={styles["brand"]}>
        <Logo />
        <IconButton
          size="s"
          label={unreadOnly ? t("rooms.showAll") : t("rooms.showUnread")}
          aria-pressed={unreadOnly}
          disabled={unread === 0 && !unreadOnly}
          icon={<MailOpen size={18} aria-hidden />}
          onClick={() => onUnreadOnly(!unreadOnly)}
        />
        <Menu
          trigger={
            <IconButton
              size="s"
              tooltip={false}
              label={t("rooms.add")}
              icon={<Plus size={20} aria-hidden />}
            />
          }
        >
          <MenuItem icon={<MessageCircle size={16} aria-hidden />} onSelect={() => overlay.set("message")}>
            {t("rooms.newMessage")}
          </MenuItem>
          <MenuItem icon={<Hash size={16} aria-hidden />} onSelect={() => overlay.set("create")}>
            {t("rooms.new")}
          </MenuItem>
          <MenuItem icon={<Globe size={16} aria-hidden />} onSelect={() => overlay.set("browse")}>
            {t("rooms.browse")}
          </MenuItem>
        </Menu>
      </div>
      <button type="button" className={styles["find"]} onClick={() => overlay.set("switcher")}>
        <Search size={16} aria-hidden />
        <span className={styles["findText"]}>{t("rooms.find")}</span>
        <Kbd keys={["Mod", "K"]} />
      </button>
    </div>
  );
}
