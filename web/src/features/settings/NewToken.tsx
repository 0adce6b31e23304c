import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, call, newKey, useSubmit, withKey } from "@/api";
import { t } from "@/i18n";
import { Banner, Button, CopyField, Dialog, SelectField, TextField } from "@/ui";
import styles from "./settings.module.css";
import { TOKENS } from "./Tokens";

const DAY_MS = 86_400_000;
type Lifetime = "30" | "90" | "365" | "never";

/** Makes a token, and shows its secret this one time. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [lifetime, setLifetime] = useState<Lifetime>("90");
  const [secret, setSecret] = useState<string>();
  // One key for the whole dialog: a second press after a lost answer makes no second token.
  const key = useRef(newKey());
  const submit = useSubmit(async () => {
    const expires_in_ms = lifetime === "never" ? null : Number(lifetime) * DAY_MS;
    const header = withKey(key.current);
    const made = await call(
      api.POST("/me/tokens", { params: { header }, body: { name: name.trim(), expires_in_ms } }),
    );
    setSecret(made.secret);
    await queries.invalidateQueries({ queryKey: TOKENS });
  });

  if (secret !== undefined) {
    return (
      <Dialog
        open
        title={t("settings.tokenMade")}
        footer={
          <Button variant="primary" onClick={onClose}>
            {t("common.done")}
          </Button>
        }
      >
        <Banner tone="warning">{t("settings.tokenMadeDetail")}</Banner>
        <CopyField label={t("settings.tokenSecret")} value={secret} />
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={t("settings.tokenNew")}>
      <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
        {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
        <TextField
          label={t("settings.tokenName")}
          hint={t("settings.tokenNameHint")}
          value={name}
          onChange={setName}
          error={submit.fields["name"]}
          maxLength={80}
          autoFocus
        />
        <SelectField<Lifetime>
          label={t("settings.tokenLifetime")}
          value={lifetime}
          onChange={setLifetime}
          options={[
            { value: "30", label: t("settings.days", { count: 30 }) },
            { value: "90", label: t("settings.days", { count: 90 }) },
            { value: "365", label: t("settings.days", { count: 365 }) },
            { value: "never", label: t("settings.tokenForever") },
          ]}
        />
        <Button type="submit" variant="primary" wide busy={submit.busy} disabled={name.trim() === ""}>
          {t("settings.tokenMake")}
        </Button>
      </form>
    </Dialog>
  );
}
