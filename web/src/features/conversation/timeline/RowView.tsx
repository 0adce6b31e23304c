import { formatDay, t } from "@/i18n";
import type { Row } from "@/sync/timeline/rows";
import { useNow } from "@/ui";
import { GapRow } from "./GapRow";
import { MessageRow } from "./MessageRow";
import { StartRow } from "./StartRow";
import styles from "./Timeline.module.css";
import { WaitingRow } from "./WaitingRow";

interface Props {
  readonly row: Row;
  readonly position: number;
  readonly active: boolean;
}

/** One row of the timeline, of whatever kind. */
export function RowView({ row, active }: Props) {
  switch (row.kind) {
    case "message":
      return <MessageRow rowKey={row.key} message={row.message} head={row.head} active={active} />;
    case "waiting":
      return <WaitingRow rowKey={row.key} entry={row.entry} head={row.head} active={active} />;
    case "day":
      return <DayRow ms={row.ms} />;
    case "gap":
      return <GapRow before={row.before} />;
    case "new":
      return <NewRow />;
    case "start":
      return <StartRow />;
  }
}

function DayRow({ ms }: { readonly ms: number }) {
  const now = useNow();
  return (
    <div className={styles["day"]}>
      <span className={styles["dayName"]}>{formatDay(ms, now)}</span>
    </div>
  );
}

function NewRow() {
  return (
    <div className={styles["new"]}>
      <span className={styles["newName"]}>{t("conversation.new")}</span>
    </div>
  );
}
