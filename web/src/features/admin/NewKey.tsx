import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, type Capability, call, newKey, useSubmit, withKey } from "@/api";
import { t } from "@/i18n";
import { Banner, Button, CopyField, Dialog, TextAreaField } from "@/ui";
import styles from "./admin.module.css";
import { KEYS } from "./Keys";

const FIRST = '{"*":["publish","subscribe","presence","history"]}';

/** Reads a capability far enough for the request; what it says is the server's to judge. */
function parse(text: string): Capability | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const object = typeof value === "object" && value !== null && !Array.isArray(value);
    return object ? (value as Capability) : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a key, and shows its secret this one time. */
export function NewKey({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [text, setText] = useState(FIRST);
  const [refused, setRefused] = useState<string>();
  const [secret, setSecret] = useState<string>();
  const key = useRef(newKey());
  const submit = useSubmit(async () => {
    const capability = parse(text);
    setRefused(capability === undefined ? t("admin.keyCapabilityWrong") : undefined);
    if (capability === undefined) return;
    const header = withKey(key.current);
    const made = await call(api.POST("/admin/keys", { params: { header }, body: { capability } }));
    setSecret(made.secret);
    await queries.invalidateQueries({ queryKey: KEYS });
  });

  if (secret !== undefined) {
    return (
      <Dialog
        open
        title={t("admin.keyMade")}
        footer={
          <Button variant="primary" onClick={onClose}>
            {t("common.done")}
          </Button>
        }
      >
        <Banner tone="warning">{t("settings.tokenMadeDetail")}</Banner>
        <CopyField label={t("admin.keySecret")} value={secret} />
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={t("admin.keyNew")}>
      <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
        {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
        <TextAreaField
          label={t("admin.keyCapability")}
          hint={t("admin.keyCapabilityHint")}
          value={text}
          onChange={setText}
          error={refused ?? submit.fields["capability"]}
          className={styles["mono"] ?? ""}
          spellCheck={false}
          rows={4}
        />
        <Button type="submit" variant="primary" wide busy={submit.busy}>
          {t("admin.keyMake")}
        </Button>
      </form>
    </Dialog>
  );
}
