import { useState } from "react";
import { api, call, type Person } from "@/api";
import { useAction } from "@/app/useAction";
import { rich, t, Written } from "@/i18n";
import { useLive } from "@/realtime";
import type { RoomListing, RoomRole } from "@/sync/model";
import {
  Avatar,
  ConfirmDialog,
  IconButton,
  ListRow,
  Menu,
  MenuChoice,
  MenuItem,
  MenuSeparator,
  Tag,
} from "@/ui";
import { Ellipsis, UserMinus } from "@/ui/icons";
import { membersKey } from "./Members";
import { mayRemove, type Permissions } from "./permissions";

const ROLES: readonly RoomRole[] = ["owner", "moderator", "member", "read_only"];

interface Props {
  readonly listing: RoomListing;
  readonly member: { readonly person: Person; readonly role: RoomRole };
  readonly may: Permissions;
}

/** A member, their role, and what one may change about it. */
export function MemberRow({ listing, member, may }: Props) {
  const { me } = useLive();
  const { person } = member;
  const [removing, setRemoving] = useState(false);
  const room = listing.room.id;
  const path = { room, person: person.id };
  const change = useAction(
    (role: RoomRole) => call(api.PUT("/rooms/{room}/members/{person}", { params: { path }, body: { role } })),
    membersKey(room),
  );
  const remove = useAction(
    () => call(api.DELETE("/rooms/{room}/members/{person}", { params: { path } })),
    membersKey(room),
  );
  const removable =
    listing.room.kind !== "direct" &&
    may.invite &&
    person.id !== me &&
    mayRemove(listing.membership.role, member.role);
  const role = t(`rooms.role.${member.role}`);

  return (
    <ListRow
      leading={<Avatar id={person.id} name={person.name} faded={person.deactivated} />}
      faded={person.deactivated}
      title={<Written>{person.name}</Written>}
      detail={`@${person.handle}`}
      trailing={
        <>
          {member.role !== "member" && listing.room.kind !== "direct" && (
            <Tag tone={member.role === "owner" ? "leaf" : "neutral"}>{role}</Tag>
          )}
          {(may.roles || removable) && (
            <Menu
              trigger={
                <IconButton
                  size="s"
                  tooltip={false}
                  label={t("rooms.memberActions", { name: person.name })}
                  icon={<Ellipsis size={18} aria-hidden />}
                />
              }
            >
              {may.roles && (
                <MenuChoice<RoomRole>
                  label={t("rooms.roleLabel")}
                  value={member.role}
                  options={ROLES.map((value) => ({ value, label: t(`rooms.role.${value}`) }))}
                  onChange={(next) => change.mutate(next)}
                />
              )}
              {removable && (
                <>
                  <MenuSeparator />
                  <MenuItem
                    danger
                    icon={<UserMinus size={16} aria-hidden />}
                    onSelect={() => setRemoving(true)}
                  >
                    {t("rooms.remove")}
                  </MenuItem>
                </>
              )}
            </Menu>
          )}
          <ConfirmDialog
            open={removing}
            danger
            title={t("rooms.removeTitle")}
            confirm={t("rooms.remove")}
            onConfirm={() => remove.mutateAsync()}
            onClose={() => setRemoving(false)}
          >
            {rich("rooms.removeDetail", { name: <Written>{person.name}</Written> })}
          </ConfirmDialog>
        </>
      }
    />
  );
}
