import { useEffect } from "react";
import { notify, notifySettings } from "@/app/notifications";
import { navigate, to } from "@/app/router";
import { t } from "@/i18n";
import type { RoomActivity } from "@/sync/model";
import { plainLine } from "@/sync/plain-line";
import { useLive } from "./Connected";
import { roomName } from "./hooks";
import type { Live } from "./live/live";

/** So long another tab of ours has to show that somebody reads it there. */
const WAIT_MS = 1_000;
const LENGTH_MAX = 160;

/** Tells of what comes while nobody looks, as far as the person wants to be told. */
export function Notifier() {
  const live = useLive();
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const hear = (activity: RoomActivity) => {
      if (activity.unread === 0 || !isWanted()) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void tell(live, activity);
      }, WAIT_MS);
      timers.add(timer);
    };
    live.active.add(hear);
    return () => {
      live.active.delete(hear);
      for (const timer of timers) clearTimeout(timer);
    };
  }, [live]);
  return null;
}

/** Whether to look any further: what is said is fetched for those alone who are shown it. */
function isWanted(): boolean {
  const granted = "Notification" in globalThis && Notification.permission === "granted";
  return granted && !document.hasFocus() && notifySettings.get().about !== "nothing";
}

async function tell(live: Live, activity: RoomActivity): Promise<void> {
  const listing = live.rooms.state.get().listings.get(activity.room);
  // Read meanwhile, here or elsewhere; or something newer has come, which tells of itself.
  if (
    listing === undefined ||
    listing.unread.unread === 0 ||
    listing.room.last_serial !== activity.last_serial
  )
    return;
  const direct = listing.room.kind === "direct";
  const kind = direct || activity.mentioned === true ? "mention" : "message";
  if (kind === "message" && notifySettings.get().about !== "everything") return;
  const message = await live.newestOf(activity.room).catch(() => undefined);
  if (message === undefined || message.author === live.me) return;
  live.directory.want([message.author]);
  const people = live.directory.people.get();
  const name = people.known.get(message.author)?.name ?? t("rooms.somebody");
  const title = direct ? name : t("rooms.notifyTitle", { name, room: roomName(listing, people) });
  const body = plainLine(message.text, LENGTH_MAX);
  notify({ title, body, tag: activity.room, onOpen: () => navigate(to.room(activity.room)) }, kind);
}
