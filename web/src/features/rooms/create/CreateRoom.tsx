import { useRef, useState } from "react";
import { api, call, newKey, useSubmit, withKey } from "@/api";
import { navigate, to } from "@/app/router";
import { t } from "@/i18n";
import { useLive } from "@/realtime";
import { Banner, Button, Dialog, SegmentedControl, TextAreaField, TextField } from "@/ui";
import { Hash, Lock } from "@/ui/icons";
import { closeOverlay } from "../overlay";
import styles from "../rooms.module.css";

const NAME_MAX = 80;
const TOPIC_MAX = 500;

/** Makes a room and goes there. */
export function CreateRoom() {
  const live = useLive();
  const [kind, setKind] = useState<"public" | "private">("public");
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  // One key for the whole dialog: a second press after a lost answer makes no second room.
  const key = useRef(newKey());
  const submit = useSubmit(async () => {
    const body = { kind, name: name.trim(), topic: topic.trim() };
    const listing = await call(api.POST("/rooms", { params: { header: withKey(key.current) }, body }));
    live.rooms.apply({ name: "room.changed", data: { listing } });
    closeOverlay();
    navigate(to.room(listing.room.id));
  });

  return (
    <Dialog open title={t("rooms.new")} onClose={closeOverlay}>
      <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
        {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
        <TextField
          label={t("rooms.name")}
          value={name}
          onChange={setName}
          error={submit.fields["name"]}
          maxLength={NAME_MAX}
          dir="auto"
          autoComplete="off"
          autoFocus
        />
        <TextAreaField
          label={t("rooms.topic")}
          optional
          value={topic}
          onChange={setTopic}
          error={submit.fields["topic"]}
          maxLength={TOPIC_MAX}
          dir="auto"
          rows={2}
        />
        <div className={styles["kind"]}>
          <SegmentedControl
            label={t("rooms.whoMayJoin")}
            value={kind}
            onChange={setKind}
            segments={[
              { value: "public", label: t("rooms.public"), icon: <Hash size={16} aria-hidden /> },
              { value: "private", label: t("rooms.private"), icon: <Lock size={16} aria-hidden /> },
            ]}
          />
          <p className={styles["hint"]}>
            {t(kind === "public" ? "rooms.publicDetail" : "rooms.privateDetail")}
          </p>
        </div>
        <div className={styles["buttons"]}>
          <Button onClick={closeOverlay}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" busy={submit.busy} disabled={name.trim() === ""}>
            {t("rooms.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
