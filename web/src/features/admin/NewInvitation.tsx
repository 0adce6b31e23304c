import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, call, newKey, useSubmit, withKey } from "@/api";
import { t } from "@/i18n";
import { Banner, Button, CopyField, Dialog, SelectField } from "@/ui";
import styles from "./admin.module.css";
import { INVITATIONS } from "./Invitations";

const DAY_MS = 86_400_000;
type Days = "1" | "7" | "30" | "never";
type Uses = "1" | "10" | "100" | "any";

/** Makes an invitation, and shows its link this one time. */
export function NewInvitation({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [days, setDays] = useState<Days>("7");
  const [uses, setUses] = useState<Uses>("10");
  const [url, setUrl] = useState<string>();
  const key = useRef(newKey());
  const submit = useSubmit(async () => {
    const body = {
      ...(days === "never" ? {} : { expires_in_ms: Number(days) * DAY_MS }),
      ...(uses === "any" ? {} : { uses_max: Number(uses) }),
    };
    const header = withKey(key.current);
    const made = await call(api.POST("/admin/invitations", { params: { header }, body }));
    setUrl(made.url);
    await queries.invalidateQueries({ queryKey: INVITATIONS });
  });

  if (url !== undefined) {
    return (
      <Dialog
        open
        title={t("admin.invitationMadeTitle")}
        footer={
          <Button variant="primary" onClick={onClose}>
            {t("common.done")}
          </Button>
        }
      >
        <CopyField label={t("admin.invitationLink")} value={url} />
        <Banner tone="warning">{t("admin.invitationOnce")}</Banner>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("admin.invitationNew")}
      description={t("admin.invitationsDetail")}
    >
      <form className={styles["form"]} onSubmit={submit.onSubmit}>
        {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
        <SelectField<Days>
          label={t("admin.invitationValid")}
          value={days}
          onChange={setDays}
          error={submit.fields["expires_in_ms"]}
          options={[
            { value: "1", label: t("settings.days", { count: 1 }) },
            { value: "7", label: t("settings.days", { count: 7 }) },
            { value: "30", label: t("settings.days", { count: 30 }) },
            { value: "never", label: t("admin.invitationForever") },
          ]}
        />
        <SelectField<Uses>
          label={t("admin.invitationFor")}
          value={uses}
          onChange={setUses}
          error={submit.fields["uses_max"]}
          options={[
            { value: "1", label: t("admin.peopleCount", { count: 1 }) },
            { value: "10", label: t("admin.peopleCount", { count: 10 }) },
            { value: "100", label: t("admin.peopleCount", { count: 100 }) },
            { value: "any", label: t("admin.invitationAny") },
          ]}
        />
        <Button type="submit" variant="primary" wide busy={submit.busy}>
          {t("admin.invitationMake")}
        </Button>
      </form>
    </Dialog>
  );
}
