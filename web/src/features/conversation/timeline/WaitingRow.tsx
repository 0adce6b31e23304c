import { useMe } from "@/api";
import { connection, isAway } from "@/app/connection";
import { useWatched } from "@/app/status/value";
import { formatTime, t, Written } from "@/i18n";
import { useLive } from "@/realtime";
import type { Failure, OutboxEntry } from "@/sync/outbox/entry";
import { Avatar, Button, cx } from "@/ui";
import { CircleAlert, Clock } from "@/ui/icons";
import { Clamp } from "../markdown/Clamp";
import { Markdown } from "../markdown/Markdown";
import { useRoom } from "../RoomContext";
import styles from "./Message.module.css";

interface Props {
  readonly rowKey: string;
  readonly entry: OutboxEntry;
  readonly head: boolean;
  readonly active: boolean;
}

/** A message of one's own that the server doesn't have yet, and what one can do about it. */
export function WaitingRow({ rowKey, entry, head, active }: Props) {
  const me = useMe();
  const away = isAway(useWatched(connection));
  const failed = entry.state === "failed";
  const label = failed
    ? t("conversation.notSent")
    : away
      ? t("conversation.waiting")
      : t("conversation.sending");

  return (
    <article
      className={cx(styles["message"], head && styles["head"], failed ? styles["failed"] : styles["waiting"])}
      data-key={rowKey}
      data-state={entry.state}
      tabIndex={active ? 0 : -1}
      aria-label={`${t("conversation.messageOf", { name: me.name, time: formatTime(entry.written_ms) })}, ${label}`}
    >
      {head ? (
        <span className={styles["avatar"]}>
          <Avatar id={me.id} name={me.name} />
        </span>
      ) : (
        <span className={styles["gutter"]} />
      )}
      <div className={styles["content"]}>
        {head && (
          <header className={styles["byline"]}>
            <Written className={styles["name"]}>{me.name}</Written>
          </header>
        )}
        <Clamp text={entry.text}>
          <Markdown text={entry.text} />
        </Clamp>
        {failed && <FailedLine entry={entry} failure={entry.failure} />}
      </div>
      {!failed && (
        <span className={cx(styles["state"], away && styles["away"])}>
          <Clock size={14} aria-hidden />
          {away && <span>{label}</span>}
        </span>
      )}
    </article>
  );
}

function reason(failure: Failure | undefined): string {
  if (failure?.kind === "uncertain") return t("conversation.uncertain");
  if (failure?.kind === "tired") return t("conversation.tired");
  return failure?.detail === undefined || failure.detail === ""
    ? t("conversation.notSent")
    : t("conversation.refused", { detail: failure.detail });
}

function FailedLine({
  entry,
  failure,
}: {
  readonly entry: OutboxEntry;
  readonly failure: Failure | undefined;
}) {
  const { outbox } = useLive();
  const { compose } = useRoom();
  const edit = () =>
    void outbox.discard(entry.id).then((taken) => taken && compose.current?.takeBack(taken.text));
  return (
    <div className={styles["failure"]} role="alert">
      <CircleAlert size={16} aria-hidden />
      <span className={styles["reason"]}>{reason(failure)}</span>
      <span className={styles["remedies"]}>
        <Button size="s" onClick={() => void outbox.retry(entry.id)}>
          {t("common.retry")}
        </Button>
        <Button size="s" variant="quiet" onClick={edit}>
          {t("conversation.edit")}
        </Button>
        <Button size="s" variant="danger-quiet" onClick={() => void outbox.discard(entry.id)}>
          {t("conversation.discard")}
        </Button>
      </span>
    </div>
  );
}
