import { describe, expect, it } from "vitest";
import type { Me } from "@/api";
import type { RoomListing, RoomRole } from "@/sync/model";
import { mayRemove, permissionsIn } from "./permissions";

const me = { id: "p_me", role: "member" } as Me;
const listing = (role: RoomRole, over: Partial<RoomListing["room"]> = {}): RoomListing =>
  ({ room: { kind: "public", archived_ms: null, ...over }, membership: { role } }) as RoomListing;

describe("what is offered in a room", () => {
  it("follows the role", () => {
    const offered = (role: RoomRole) => {
      const may = permissionsIn(listing(role), me);
      return Object.entries(may).flatMap(([name, allowed]) => (allowed ? [name] : []));
    };
    expect(offered("owner")).toEqual(["describe", "archive", "roles", "invite", "leave"]);
    expect(offered("moderator")).toEqual(["invite", "leave"]);
    expect(offered("member")).toEqual(["leave"]);
    expect(offered("read_only")).toEqual(["leave"]);
  });

  it("is nothing in a direct conversation, and little in an archived room", () => {
    expect(Object.values(permissionsIn(listing("owner", { kind: "direct" }), me))).not.toContain(true);
    const archived = permissionsIn(listing("owner", { archived_ms: 1 }), me);
    expect(archived).toMatchObject({ describe: false, invite: false, archive: true, leave: true });
  });

  it("lets administrators archive what they are members of", () => {
    const admin = { ...me, role: "administrator" } as Me;
    expect(permissionsIn(listing("member"), admin)).toMatchObject({ archive: true, describe: false });
  });

  it("lets moderators remove those without a say of their own", () => {
    expect(mayRemove("moderator", "member")).toBe(true);
    expect(mayRemove("moderator", "moderator")).toBe(false);
    expect(mayRemove("moderator", "owner")).toBe(false);
    expect(mayRemove("owner", "owner")).toBe(true);
    expect(mayRemove("member", "read_only")).toBe(false);
  });
});
