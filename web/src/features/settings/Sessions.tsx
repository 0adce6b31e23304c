import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call, type Session } from "@/api";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { rich, t } from "@/i18n";
import { Button, ConfirmDialog, List, ListRow, RelativeTime, Section, Tag } from "@/ui";
import { Laptop, Smartphone } from "@/ui/icons";
import { type Device, readDevice } from "./device";
import styles from "./settings.module.css";

const KEY = ["me", "sessions"];

/** Where somebody is signed in, in words. */
function nameOf({ browser, system }: Device): string {
  if (browser !== undefined && system !== undefined) return t("settings.sessionOn", { browser, system });
  return browser ?? system ?? t("settings.sessionUnknown");
}

/** Where one is signed in, and the way to end it. */
export function Sessions() {
  const sessions = useQuery({ queryKey: KEY, queryFn: () => call(api.GET("/me/sessions")) });
  const [asking, setAsking] = useState(false);
  const endOthers = useAction(() => call(api.DELETE("/me/sessions")), KEY);
  const others = sessions.data?.items.some(({ current }) => !current) ?? false;

  return (
    <Page title={t("settings.sessions")} back={to.settings()}>
      <Section
        title={t("settings.sessionsTitle")}
        description={t("settings.sessionsDetail")}
        action={others && <Button onClick={() => setAsking(true)}>{t("settings.sessionsEndOthers")}</Button>}
      >
        <QueryView query={sessions}>
          {({ items }) => (
            <List label={t("settings.sessionsTitle")}>
              {[...items]
                .sort((a, b) => Number(b.current) - Number(a.current) || b.seen_ms - a.seen_ms)
                .map((session) => (
                  <SessionRow key={session.id} session={session} />
                ))}
            </List>
          )}
        </QueryView>
      </Section>
      <ConfirmDialog
        open={asking}
        title={t("settings.sessionsEndOthersTitle")}
        confirm={t("settings.sessionsEndOthersConfirm")}
        danger
        onConfirm={() => endOthers.mutateAsync()}
        onClose={() => setAsking(false)}
      >
        {t("settings.sessionsEndOthersDetail")}
      </ConfirmDialog>
    </Page>
  );
}

function SessionRow({ session }: { readonly session: Session }) {
  const path = { session: session.id };
  const end = useAction(() => call(api.DELETE("/me/sessions/{session}", { params: { path } })), KEY);
  const device = readDevice(session.label);
  const Icon = device.phone ? Smartphone : Laptop;
  return (
    <ListRow
      leading={
        <span className={styles["icon"]}>
          <Icon size={18} aria-hidden />
        </span>
      }
      title={
        <>
          <span title={session.label}>{nameOf(device)}</span>
          {session.current && <Tag tone="leaf">{t("settings.sessionThis")}</Tag>}
        </>
      }
      detail={
        session.current
          ? session.address
          : rich("settings.sessionSeen", {
              address: session.address,
              when: <RelativeTime ms={session.seen_ms} />,
            })
      }
      trailing={
        !session.current && (
          <Button size="s" variant="danger-quiet" busy={end.isPending} onClick={() => end.mutate()}>
            {t("settings.sessionEnd")}
          </Button>
        )
      }
    />
  );
}
