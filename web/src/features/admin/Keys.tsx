import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKey, api, call } from "@/api";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { t } from "@/i18n";
import { Button, ConfirmDialog, EmptyState, List, ListRow, Section, Tag } from "@/ui";
import { KeyRound, Plus } from "@/ui/icons";
import styles from "./admin.module.css";
import { NewKey } from "./NewKey";

export const KEYS = ["admin", "keys"];

/** Keys in use first, the newest of them at the top. */
function byUse(a: ApiKey, b: ApiKey): number {
  return Number(a.revoked_ms !== null) - Number(b.revoked_ms !== null) || b.created_ms - a.created_ms;
}

/** Keys of the realtime API, for applications. */
export function Keys() {
  const keys = useQuery({ queryKey: KEYS, queryFn: () => call(api.GET("/admin/keys")) });
  const [making, setMaking] = useState(false);
  const make = (
    <Button icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t("admin.keyNew")}
    </Button>
  );
  return (
    <Page title={t("admin.keys")} back={to.admin()}>
      <Section
        title={t("admin.keys")}
        description={t("admin.keysDetail")}
        action={(keys.data?.items.length ?? 0) > 0 && make}
      >
        <QueryView query={keys}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState compact icon={<KeyRound />} title={t("admin.keysEmpty")} action={make}>
                {t("admin.keysEmptyDetail")}
              </EmptyState>
            ) : (
              <List label={t("admin.keys")}>
                {[...items].sort(byUse).map((key) => (
                  <KeyRow key={key.name} apiKey={key} />
                ))}
              </List>
            )
          }
        </QueryView>
      </Section>
      {making && <NewKey onClose={() => setMaking(false)} />}
    </Page>
  );
}

function KeyRow({ apiKey }: { readonly apiKey: ApiKey }) {
  const [asking, setAsking] = useState(false);
  const path = { name: apiKey.name };
  const revoked = apiKey.revoked_ms !== null;
  const revoke = useAction(() => call(api.DELETE("/admin/keys/{name}", { params: { path } })), KEYS);
  return (
    <>
      <ListRow
        faded={revoked}
        title={
          <>
            <span className={styles["mono"]}>{apiKey.name}</span>
            {revoked && <Tag>{t("admin.keyRevoked")}</Tag>}
          </>
        }
        detail={<span className={styles["mono"]}>{JSON.stringify(apiKey.capability)}</span>}
        trailing={
          !revoked && (
            <Button size="s" variant="danger-quiet" onClick={() => setAsking(true)}>
              {t("admin.keyRevoke")}
            </Button>
          )
        }
      />
      <ConfirmDialog
        open={asking}
        danger
        title={t("admin.keyRevokeTitle", { name: apiKey.name })}
        confirm={t("admin.keyRevoke")}
        onConfirm={() => revoke.mutateAsync()}
        onClose={() => setAsking(false)}
      >
        {t("admin.keyRevokeDetail")}
      </ConfirmDialog>
    </>
  );
}
