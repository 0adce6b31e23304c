import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, call, type Invitation, newKey, useSubmit, withKey } from "@/api";
import { QueryView } from "@/app/layout/QueryView";
import { useAction } from "@/app/useAction";
import { rich, t } from "@/i18n";
import type { RoomId } from "@/sync/model";
import { Banner, Button, CopyField, List, ListRow, RelativeTime, SelectField } from "@/ui";
import { Link as LinkIcon } from "@/ui/icons";
import styles from "../rooms.module.css";

const DAY_MS = 86_400_000;
type Lifetime = "1" | "7" | "30" | "never";
type Uses = "1" | "10" | "unlimited";

const invitationsKey = (room: RoomId) => ["room", room, "invitations"];

/** Links that lead into this room. */
export function Invitations({ room }: { readonly room: RoomId }) {
  const invitations = useQuery({
    queryKey: invitationsKey(room),
    queryFn: () => call(api.GET("/rooms/{room}/invitations", { params: { path: { room } } })),
  });
  return (
    <div className={styles["form"]}>
      <NewInvitation room={room} />
      <QueryView query={invitations}>
        {({ items }) => {
          const open = items.filter((invitation) => invitation.revoked_ms === null);
          return (
            open.length > 0 && (
              <List label={t("rooms.invitations")}>
                {open.map((invitation) => (
                  <InvitationRow key={invitation.id} room={room} invitation={invitation} />
                ))}
              </List>
            )
          );
        }}
      </QueryView>
    </div>
  );
}

function NewInvitation({ room }: { readonly room: RoomId }) {
  const queries = useQueryClient();
  const [lifetime, setLifetime] = useState<Lifetime>("7");
  const [uses, setUses] = useState<Uses>("unlimited");
  const [url, setUrl] = useState<string>();
  const key = useRef(newKey());
  const submit = useSubmit(async () => {
    const body = {
      expires_in_ms: lifetime === "never" ? null : Number(lifetime) * DAY_MS,
      uses_max: uses === "unlimited" ? null : Number(uses),
    };
    const params = { path: { room }, header: withKey(key.current) };
    const made = await call(api.POST("/rooms/{room}/invitations", { params, body }));
    key.current = newKey();
    setUrl(made.url);
    await queries.invalidateQueries({ queryKey: invitationsKey(room) });
  });

  return (
    <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
      {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
      <div className={styles["pair"]}>
        <SelectField<Lifetime>
          label={t("rooms.inviteLasts")}
          value={lifetime}
          onChange={setLifetime}
          options={[
            { value: "1", label: t("rooms.days", { count: 1 }) },
            { value: "7", label: t("rooms.days", { count: 7 }) },
            { value: "30", label: t("rooms.days", { count: 30 }) },
            { value: "never", label: t("rooms.forever") },
          ]}
        />
        <SelectField<Uses>
          label={t("rooms.inviteFor")}
          value={uses}
          onChange={setUses}
          options={[
            { value: "1", label: t("rooms.people", { count: 1 }) },
            { value: "10", label: t("rooms.people", { count: 10 }) },
            { value: "unlimited", label: t("rooms.anybody") },
          ]}
        />
      </div>
      {url === undefined ? (
        <div className={styles["actions"]}>
          <Button
            type="submit"
            variant="primary"
            busy={submit.busy}
            icon={<LinkIcon size={16} aria-hidden />}
          >
            {t("rooms.inviteMake")}
          </Button>
        </div>
      ) : (
        <>
          <CopyField label={t("rooms.inviteLink")} value={url} />
          <p className={styles["hint"]}>{t("rooms.inviteOnce")}</p>
        </>
      )}
    </form>
  );
}

function InvitationRow({ room, invitation }: { readonly room: RoomId; readonly invitation: Invitation }) {
  const path = { room, invitation: invitation.id };
  const revoke = useAction(
    () => call(api.DELETE("/rooms/{room}/invitations/{invitation}", { params: { path } })),
    invitationsKey(room),
  );
  const { uses, uses_max, created_ms, expires_ms } = invitation;
  return (
    <ListRow
      title={
        uses_max == null
          ? uses === 0
            ? t("rooms.inviteUnused")
            : t("rooms.inviteUses", { count: uses })
          : t("rooms.inviteUsesOf", { uses, count: uses_max })
      }
      detail={
        <>
          {rich("rooms.inviteMade", { when: <RelativeTime ms={created_ms} /> })}
          {" · "}
          {expires_ms == null
            ? t("rooms.inviteForever")
            : rich("rooms.inviteEnds", { when: <RelativeTime ms={expires_ms} /> })}
        </>
      }
      trailing={
        <Button size="s" variant="danger-quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("rooms.inviteRevoke")}
        </Button>
      }
    />
  );
}
