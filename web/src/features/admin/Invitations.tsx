import { useState } from "react";
import { api, call, type Invitation } from "@/api";
import { More } from "@/app/layout/More";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { usePaged } from "@/app/usePaged";
import { rich, t } from "@/i18n";
import { Button, EmptyState, List, ListRow, RelativeTime, Section, Tag, useNow } from "@/ui";
import { Mail, Plus } from "@/ui/icons";
import { NewInvitation } from "./NewInvitation";

export const INVITATIONS = ["admin", "invitations"];

/** Links that let people make an account. */
export function Invitations() {
  const invitations = usePaged(INVITATIONS, (query) =>
    call(api.GET("/admin/invitations", { params: { query } })),
  );
  const [making, setMaking] = useState(false);
  const make = (
    <Button icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t("admin.invitationNew")}
    </Button>
  );
  return (
    <Page title={t("admin.invitations")} back={to.admin()}>
      <Section
        title={t("admin.invitationsTitle")}
        description={t("admin.invitationsDetail")}
        action={(invitations.data?.length ?? 0) > 0 && make}
      >
        <QueryView query={invitations}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState compact icon={<Mail />} title={t("admin.invitationsEmpty")} action={make}>
                {t("admin.invitationsEmptyDetail")}
              </EmptyState>
            ) : (
              <List label={t("admin.invitations")}>
                {items.map((invitation) => (
                  <InvitationRow key={invitation.id} invitation={invitation} />
                ))}
              </List>
            )
          }
        </QueryView>
        <More list={invitations} />
      </Section>
      {making && <NewInvitation onClose={() => setMaking(false)} />}
    </Page>
  );
}

/** Why an invitation lets nobody in any more; undefined while it does. */
function over({ revoked_ms, expires_ms, uses, uses_max }: Invitation, now_ms: number): string | undefined {
  if (revoked_ms !== null) return t("admin.invitationRevoked");
  if (uses_max !== null && uses >= uses_max) return t("admin.invitationUsedUp");
  if (expires_ms !== null && expires_ms <= now_ms) return t("admin.invitationExpired");
  return undefined;
}

function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const path = { invitation: invitation.id };
  const revoke = useAction(
    () => call(api.DELETE("/admin/invitations/{invitation}", { params: { path } })),
    INVITATIONS,
  );
  const { uses, uses_max, created_ms, expires_ms } = invitation;
  const ended = over(invitation, useNow());
  return (
    <ListRow
      faded={ended !== undefined}
      title={
        <>
          {uses_max === null
            ? uses === 0
              ? t("admin.invitationUnused")
              : t("admin.invitationUses", { count: uses })
            : t("admin.invitationUsesOf", { uses, count: uses_max })}
          {ended !== undefined && <Tag>{ended}</Tag>}
        </>
      }
      detail={
        <>
          {rich("admin.invitationMade", { when: <RelativeTime ms={created_ms} /> })}
          {ended === undefined && " · "}
          {ended === undefined &&
            (expires_ms === null
              ? t("admin.invitationForever")
              : rich("admin.invitationEnds", { when: <RelativeTime ms={expires_ms} /> }))}
        </>
      }
      trailing={
        ended === undefined && (
          <Button size="s" variant="danger-quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {t("admin.invitationRevoke")}
          </Button>
        )
      }
    />
  );
}
