import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call, type Invitation } from "@/api";
import { Page } from "@/app/layout/Page";
import { QueryView } from "@/app/layout/QueryView";
import { to } from "@/app/router";
import { useAction } from "@/app/useAction";
import { rich, t } from "@/i18n";
import { Button, EmptyState, List, ListRow, RelativeTime, Section } from "@/ui";
import { Mail, Plus } from "@/ui/icons";
import { NewInvitation } from "./NewInvitation";

export const INVITATIONS = ["admin", "invitations"];

/** Links that let people make an account. */
export function Invitations() {
  const invitations = useQuery({
    queryKey: INVITATIONS,
    queryFn: () => call(api.GET("/admin/invitations")),
  });
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
        action={(invitations.data?.items.length ?? 0) > 0 && make}
      >
        <QueryView query={invitations}>
          {({ items }) =>
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
      </Section>
      {making && <NewInvitation onClose={() => setMaking(false)} />}
    </Page>
  );
}

function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const path = { invitation: invitation.id };
  const revoke = useAction(
    () => call(api.DELETE("/admin/invitations/{invitation}", { params: { path } })),
    INVITATIONS,
  );
  const { uses, uses_max, created_ms, expires_ms } = invitation;
  return (
    <ListRow
      title={
        uses_max == null
          ? t("admin.invitationUses", { count: uses })
          : t("admin.invitationUsesOf", { uses, count: uses_max })
      }
      detail={
        <>
          {rich("admin.invitationMade", { when: <RelativeTime ms={created_ms} /> })}
          {" · "}
          {expires_ms == null
            ? t("admin.invitationForever")
            : rich("admin.invitationEnds", { when: <RelativeTime ms={expires_ms} /> })}
        </>
      }
      trailing={
        <Button size="s" variant="danger-quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("admin.invitationRevoke")}
        </Button>
      }
    />
  );
}
