import { useEffect, useRef, useState } from "react";
import { t } from "@/i18n";
import { useLive } from "@/realtime";
import type { Message } from "@/sync/model";
import { nameOf } from "@/sync/people";
import { plainLine } from "@/sync/plain-line";
import { useRoom } from "../RoomContext";

/** Announcements are gathered for this long, and then said as one. */
const GATHER_MS = 1_500;
/** More than this many at once are counted rather than read out. */
const READ_OUT_MAX = 3;
const LENGTH_MAX = 200;

/** Says to screen readers what others write in the open room: politely, and never as a flood. */
export function Announcer() {
  const { directory, me } = useLive();
  const { live } = useRoom();
  const [said, setSaid] = useState("");
  const gathered = useRef<Message[]>([]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      timer = undefined;
      const messages = gathered.current.splice(0);
      const names = (message: Message) =>
        nameOf(directory.people.get(), message.author) ?? t("conversation.someone");
      setSaid(
        messages.length > READ_OUT_MAX
          ? t("conversation.announceMany", { count: messages.length })
          : messages
              .map((m) => t("conversation.announce", { name: names(m), text: plainLine(m.text, LENGTH_MAX) }))
              .join(" "),
      );
    };
    const hear = (message: Message) => {
      if (message.author === me || document.visibilityState !== "visible") return;
      gathered.current.push(message);
      timer ??= setTimeout(say, GATHER_MS);
    };
    live.heard.add(hear);
    return () => {
      live.heard.delete(hear);
      clearTimeout(timer);
    };
  }, [live, directory, me]);

  return (
    <div aria-live="polite" className="visually-hidden">
      {said}
    </div>
  );
}
