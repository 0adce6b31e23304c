import { explain } from "@/api";
import { t } from "@/i18n";
import { useLive } from "@/realtime";
import type { Message } from "@/sync/model";
import { lowerBound } from "@/sync/timeline/state";
import { IconButton, toast } from "@/ui";
import { Copy, MailOpen } from "@/ui/icons";
import { copyText } from "../copy";
import { useRoom } from "../RoomContext";
import styles from "./Message.module.css";

interface Props {
  readonly message: Message;
  /** Whether Tab goes on from the message into its actions. */
  readonly reachable: boolean;
}

/** What one can do with a message. Shown where the pointer or the focus is. */
export function MessageActions({ message, reachable }: Props) {
  const live = useLive();
  const { live: room } = useRoom();
  const tabIndex = reachable ? 0 : -1;

  async function markUnread() {
    try {
      // The marker stands on what is read: that is the message before.
      const { messages } = room.timeline.get();
      const before = messages[lowerBound(messages, message.serial) - 1];
      await live.reader.mark(room.id, before?.serial ?? message.serial, true);
      toast(t("conversation.markedUnread"));
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    }
  }

  return (
    <div className={styles["actions"]}>
      <IconButton
        size="s"
        tabIndex={tabIndex}
        label={t("conversation.copyText")}
        icon={<Copy size={16} aria-hidden />}
        onClick={() => void copyText(message.text).then((done) => done && toast(t("common.copied")))}
      />
      <IconButton
        size="s"
        tabIndex={tabIndex}
        label={t("conversation.markUnread")}
        icon={<MailOpen size={16} aria-hidden />}
        onClick={() => void markUnread()}
      />
    </div>
  );
}
