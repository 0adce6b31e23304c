import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiToken, api, call } from "@/api";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { formatDate, rich, t, Written } from "@/i18n";
import { Button, ConfirmDialog, EmptyState, List, ListRow, RelativeTime, Section } from "@/ui";
import { KeyRound, Plus } from "@/ui/icons";
import { NewToken } from "./NewToken";
import styles from "./settings.module.css";

export const TOKENS = ["me", "tokens"];

/** Tokens with which scripts act as oneself. */
export function Tokens() {
  const tokens = useQuery({ queryKey: TOKENS, queryFn: () => call(api.GET("/me/tokens")) });
  const [making, setMaking] = useState(false);
  const make = (
    <Button icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t("settings.tokenNew")}
    </Button>
  );

  return (
    <Page title={t("settings.tokens")} back={to.settings()}>
      <Section
        title={t("settings.tokens")}
        description={t("settings.tokensDetail")}
        action={(tokens.data?.items.length ?? 0) > 0 && make}
      >
        <QueryView query={tokens}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState compact icon={<KeyRound />} title={t("settings.tokensEmpty")} action={make}>
                {t("settings.tokensEmptyDetail")}
              </EmptyState>
            ) : (
              <List label={t("settings.tokens")}>
                {items.map((token) => (
                  <TokenRow key={token.id} token={token} />
                ))}
              </List>
            )
          }
        </QueryView>
      </Section>
      {making && <NewToken onClose={() => setMaking(false)} />}
    </Page>
  );
}

function TokenRow({ token }: { readonly token: ApiToken }) {
  const [asking, setAsking] = useState(false);
  const path = { token: token.id };
  const revoke = useAction(() => call(api.DELETE("/me/tokens/{token}", { params: { path } })), TOKENS);
  const used =
    token.used_ms == null
      ? t("settings.tokenUnused")
      : rich("settings.tokenUsed", { when: <RelativeTime ms={token.used_ms} /> });
  return (
    <>
      <ListRow
        leading={
          <span className={styles["icon"]}>
            <KeyRound size={18} aria-hidden />
          </span>
        }
        title={<Written>{token.name}</Written>}
        detail={
          <>
            {used}
            {" · "}
            {token.expires_ms == null
              ? t("settings.tokenForever")
              : t("settings.tokenExpires", { date: formatDate(token.expires_ms) })}
          </>
        }
        trailing={
          <Button size="s" variant="danger-quiet" onClick={() => setAsking(true)}>
            {t("settings.tokenRevoke")}
          </Button>
        }
      />
      <ConfirmDialog
        open={asking}
        danger
        title={t("settings.tokenRevokeTitle", { name: token.name })}
        confirm={t("settings.tokenRevoke")}
        onConfirm={() => revoke.mutateAsync()}
        onClose={() => setAsking(false)}
      >
        {t("settings.tokenRevokeDetail")}
      </ConfirmDialog>
    </>
  );
}
