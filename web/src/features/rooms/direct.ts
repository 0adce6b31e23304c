import { api, call, withKey } from "@/api";
import { navigate, to } from "@/app/router";
import type { Live } from "@/realtime";
import type { PersonId } from "@/sync/model";

/** Opens the conversation with exactly these people; it is found again, or made. */
export async function openDirect(live: Live, people: readonly PersonId[]): Promise<void> {
  const body = { kind: "direct" as const, members: [...people] };
  const listing = await call(api.POST("/rooms", { body, params: { header: withKey() } }));
  live.rooms.apply({ name: "room.changed", data: { listing } });
  navigate(to.room(listing.room.id));
}
