import { memo, useState } from "react";
import { formatDateTime, formatTime, t, Written } from "@/i18n";
import { usePerson } from "@/realtime";
import type { Message } from "@/sync/model";
import { isPerson } from "@/sync/people";
import { Avatar, cx, Tag } from "@/ui";
import { Clamp } from "../markdown/Clamp";
import { Markdown } from "../markdown/Markdown";
import { isForMe } from "../markdown/mentions";
import { PersonCard } from "../people/PersonCard";
import { useRoom } from "../RoomContext";
import styles from "./Message.module.css";
import { MessageActions } from "./MessageActions";

interface Props {
  readonly rowKey: string;
  readonly message: Message;
  /** Begins a group: the author's name stands above it. */
  readonly head: boolean;
  /** The one message that Tab reaches. */
  readonly active: boolean;
}

/** A message that the server has. */
export const MessageRow = memo(function MessageRow({ rowKey, message, head, active }: Props) {
  const { me, handle } = useRoom();
  const person = usePerson(message.author);
  const script = !isPerson(message.author);
  const known = person?.name ?? (script ? message.author : undefined);
  const name = known ?? t("conversation.someone");
  const [near, setNear] = useState(false);
  const forMe = message.author !== me && isForMe(message.text, handle);

  return (
    <article
      className={cx(styles["message"], head && styles["head"], forMe && styles["forMe"])}
      data-key={rowKey}
      data-serial={message.serial}
      tabIndex={active ? 0 : -1}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      aria-label={t("conversation.messageOf", { name, time: formatTime(message.sent_ms) })}
    >
      {head ? (
        <PersonCard id={message.author}>
          <button
            type="button"
            className={styles["avatar"]}
            tabIndex={active ? 0 : -1}
            aria-label={t("conversation.about", { name })}
          >
            <Avatar id={message.author} name={known ?? "…"} faded={person?.deactivated ?? false} />
          </button>
        </PersonCard>
      ) : (
        <Time ms={message.sent_ms} className={styles["gutter"]} />
      )}
      <div className={styles["content"]}>
        {head && (
          <header className={styles["byline"]}>
            <Written className={styles["name"]}>{known ?? "…"}</Written>
            {script && <Tag>{t("conversation.script")}</Tag>}
            <Time ms={message.sent_ms} className={styles["time"]} />
          </header>
        )}
        <Clamp text={message.text}>
          <Markdown text={message.text} />
        </Clamp>
      </div>
      {(near || active) && <MessageActions message={message} reachable={active} />}
    </article>
  );
});

function Time({ ms, className }: { readonly ms: number; readonly className: string | undefined }) {
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatDateTime(ms)} className={className}>
      {formatTime(ms)}
    </time>
  );
}
