import type { Me } from "@/api";
import type { RoomListing, RoomRole } from "@/sync/model";

/** What somebody may do in a room; the server decides, this only decides what is offered. */
export interface Permissions {
  /** Name, topic, kind, archive. */
  readonly describe: boolean;
  readonly archive: boolean;
  readonly roles: boolean;
  readonly invite: boolean;
  readonly leave: boolean;
}

const NONE: Permissions = { describe: false, archive: false, roles: false, invite: false, leave: false };

export function permissionsIn({ room, membership }: RoomListing, me: Me): Permissions {
  if (room.kind === "direct") return NONE;
  const owner = membership.role === "owner";
  const moderator = membership.role === "moderator";
  const archived = room.archived_ms != null;
  return {
    describe: owner && !archived,
    archive: owner || me.role === "administrator",
    roles: owner && !archived,
    invite: (owner || moderator) && !archived,
    leave: true,
  };
}

/** Owners may remove anybody, moderators those without a say of their own. */
export function mayRemove(own: RoomRole, other: RoomRole): boolean {
  if (own === "owner") return true;
  return own === "moderator" && (other === "member" || other === "read_only");
}
