import { useState } from "react";
import { type AdminPerson, api, call, useMe } from "@/api";
import { useAction } from "@/app/useAction";
import { t, Written } from "@/i18n";
import { Avatar, ConfirmDialog, IconButton, ListRow, Menu, MenuItem, MenuSeparator, Tag } from "@/ui";
import { Ellipsis, KeyRound, Shield, UserMinus, UserPlus } from "@/ui/icons";
import styles from "./admin.module.css";
import { PEOPLE } from "./People";
import { ResetLink } from "./ResetLink";

type Change = { role?: AdminPerson["role"]; deactivated?: boolean };
type Asking = "deactivate" | "promote" | "reset" | undefined;

function useChange(person: AdminPerson) {
  const path = { person: person.id };
  return useAction(
    (body: Change) => call(api.PATCH("/admin/people/{person}", { params: { path }, body })),
    PEOPLE,
  );
}

/** One person, as an administrator sees them. */
export function PersonRow({ person }: { readonly person: AdminPerson }) {
  const me = useMe();
  const [asking, setAsking] = useState<Asking>();
  const change = useChange(person);
  const close = () => setAsking(undefined);

  return (
    <>
      <ListRow
        faded={person.deactivated}
        leading={<Avatar id={person.id} name={person.name} faded={person.deactivated} />}
        title={
          <>
            <Written>{person.name}</Written>
            {person.id === me.id && <Tag>{t("admin.you")}</Tag>}
            {person.role === "administrator" && <Tag tone="leaf">{t("admin.administrator")}</Tag>}
            {person.deactivated && <Tag tone="berry">{t("admin.deactivated")}</Tag>}
          </>
        }
        detail={<Details person={person} />}
        trailing={
          <PersonMenu
            person={person}
            self={person.id === me.id}
            onAsk={setAsking}
            onChange={(next) => change.mutate(next)}
          />
        }
      />
      <ConfirmDialog
        open={asking === "deactivate"}
        danger
        title={t("admin.deactivateTitle", { name: person.name })}
        confirm={t("admin.deactivate")}
        onConfirm={() => change.mutateAsync({ deactivated: true })}
        onClose={close}
      >
        {t("admin.deactivateDetail")}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "promote"}
        title={t("admin.promoteTitle", { name: person.name })}
        confirm={t("admin.promote")}
        onConfirm={() => change.mutateAsync({ role: "administrator" })}
        onClose={close}
      >
        {t("admin.promoteDetail")}
      </ConfirmDialog>
      {asking === "reset" && <ResetLink id={person.id} name={person.name} onClose={close} />}
    </>
  );
}

function Details({ person }: { readonly person: AdminPerson }) {
  const parts = [`@${person.handle}`];
  if (person.email != null) parts.push(person.email);
  if (!person.deactivated) parts.push(t("admin.sessionsCount", { count: person.sessions }));
  return (
    <ul className={styles["facts"]}>
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  );
}

interface PersonMenuProps {
  readonly person: AdminPerson;
  readonly self: boolean;
  readonly onAsk: (asking: Asking) => void;
  readonly onChange: (change: Change) => void;
}

function PersonMenu({ person, self, onAsk, onChange }: PersonMenuProps) {
  const trigger = (
    <IconButton
      tooltip={false}
      label={t("admin.personMenu", { name: person.name })}
      icon={<Ellipsis size={18} aria-hidden />}
    />
  );
  if (person.deactivated) {
    return (
      <Menu trigger={trigger}>
        <MenuItem icon={<UserPlus size={16} aria-hidden />} onSelect={() => onChange({ deactivated: false })}>
          {t("admin.reactivate")}
        </MenuItem>
      </Menu>
    );
  }
  return (
    <Menu trigger={trigger}>
      <MenuItem icon={<KeyRound size={16} aria-hidden />} onSelect={() => onAsk("reset")}>
        {t("admin.reset")}
      </MenuItem>
      {person.role === "member" ? (
        <MenuItem icon={<Shield size={16} aria-hidden />} onSelect={() => onAsk("promote")}>
          {t("admin.promote")}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<Shield size={16} aria-hidden />}
          disabled={self}
          onSelect={() => onChange({ role: "member" })}
        >
          {t("admin.demote")}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem
        danger
        disabled={self}
        icon={<UserMinus size={16} aria-hidden />}
        onSelect={() => onAsk("deactivate")}
      >
        {t("admin.deactivate")}
      </MenuItem>
    </Menu>
  );
}
