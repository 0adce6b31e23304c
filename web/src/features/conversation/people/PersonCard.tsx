import { cloneElement, type ReactElement, useState } from "react";
import { explain } from "@/api";
import { openDirect } from "@/features/rooms";
import { t, Written } from "@/i18n";
import { useLive, usePerson } from "@/realtime";
import type { PersonId } from "@/sync/model";
import { isPerson } from "@/sync/people";
import { Avatar, Button, Popover, toast, useNow } from "@/ui";
import { MessageCircle } from "@/ui/icons";
import { localTime } from "./local-time";
import styles from "./PersonCard.module.css";

interface Props {
  readonly id: PersonId;
  /** The button that opens it. */
  readonly children: ReactElement<{ onClick?: () => void }>;
}

/**
 * Who somebody is, what time it is where they are, and the way to write to them. Made when it is first asked for:
 * a timeline has one for every name.
 */
export function PersonCard({ id, children }: Props) {
  const person = usePerson(id);
  const script = !isPerson(id);
  const [open, setOpen] = useState<boolean>();
  if (person === undefined && !script) return children;
  if (open === undefined) return cloneElement(children, { onClick: () => setOpen(true) });
  return (
    <Popover trigger={children} label={person?.name ?? id} open={open} onOpenChange={setOpen}>
      {script ? <ScriptCard id={id} /> : <Card id={id} />}
    </Popover>
  );
}

/** What an author is who is nobody's account: the name is the one that it gave itself. */
function ScriptCard({ id }: { readonly id: string }) {
  return (
    <div className={styles["card"]}>
      <Avatar id={id} name={id} size="l" />
      <div className={styles["words"]}>
        <Written className={styles["name"]}>{id}</Written>
        <span className={styles["detail"]}>{t("conversation.scriptDetail")}</span>
      </div>
    </div>
  );
}

function Card({ id }: { readonly id: PersonId }) {
  const live = useLive();
  const person = usePerson(id);
  const now = useNow();
  const [busy, setBusy] = useState(false);
  if (person === undefined) return null;
  const time = person.time_zone == null ? undefined : localTime(now, person.time_zone);

  async function write() {
    setBusy(true);
    try {
      await openDirect(live, [id]);
    } catch (error) {
      toast(explain(error), { tone: "danger" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={styles["card"]}>
      <Avatar id={id} name={person.name} size="l" faded={person.deactivated ?? false} />
      <div className={styles["words"]}>
        <Written className={styles["name"]}>{person.name}</Written>
        <span className={styles["detail"]}>@{person.handle}</span>
        {person.deactivated === true && (
          <span className={styles["detail"]}>{t("conversation.deactivated")}</span>
        )}
        {time !== undefined && (
          <span className={styles["detail"]}>{t("conversation.localTime", { time })}</span>
        )}
      </div>
      {id !== live.me && person.deactivated !== true && (
        <Button wide busy={busy} icon={<MessageCircle size={16} aria-hidden />} onClick={() => void write()}>
          {t("conversation.write")}
        </Button>
      )}
    </div>
  );
}
