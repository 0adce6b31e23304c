import { useState } from "react";
import { useSubmit } from "@/api";
import { t } from "@/i18n";
import { useLive } from "@/realtime";
import type { Person } from "@/sync/model";
import { Banner, Button, Dialog } from "@/ui";
import { openDirect } from "../direct";
import { closeOverlay } from "../overlay";
import styles from "../rooms.module.css";
import { PeoplePicker } from "./PeoplePicker";

/** The others of a direct conversation, at most. */
const OTHERS_MAX = 8;

/** Opens a conversation with one person or a few. */
export function NewMessage() {
  const live = useLive();
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const submit = useSubmit(async () => {
    await openDirect(
      live,
      chosen.map((person) => person.id),
    );
    closeOverlay();
  });
  return (
    <Dialog open title={t("rooms.newMessage")} onClose={closeOverlay}>
      <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
        {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
        <PeoplePicker label={t("rooms.findPeople")} chosen={chosen} onChange={setChosen} max={OTHERS_MAX} />
        <div className={styles["buttons"]}>
          <Button onClick={closeOverlay}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" busy={submit.busy} disabled={chosen.length === 0}>
            {t("rooms.openConversation")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
