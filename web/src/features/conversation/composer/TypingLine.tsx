import { useEffect } from "react";
import { connection, isAway } from "@/app/connection";
import { useWatched } from "@/app/status/value";
import { locale, rich, t, Written } from "@/i18n";
import { useLive, usePeople, useStore } from "@/realtime";
import { nameOf } from "@/sync/people";
import { nobodyTypes, typingLine } from "@/sync/typing";
import { useRoom } from "../RoomContext";
import styles from "./TypingLine.module.css";

/**
 * Who is typing. Always as high as one line, so that the conversation doesn't move when somebody
 * begins. Empty without a connection: nobody can tell then.
 */
export function TypingLine() {
  const { live, me } = useRoom();
  const { directory } = useLive();
  const people = usePeople();
  const typing = useStore(live.typingPeople);
  const away = isAway(useWatched(connection));
  const line = typingLine(away ? nobodyTypes : typing, me);

  useEffect(() => directory.want(typing), [directory, typing]);

  return (
    <div className={styles["line"]}>
      {line.kind !== "nobody" && (
        <>
          <span className={styles["dots"]} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span className={styles["text"]}>
            {line.kind === "several"
              ? t("conversation.severalType")
              : named(line.people.map((id) => nameOf(people, id) ?? "…"))}
          </span>
        </>
      )}
    </div>
  );
}

function named(names: readonly string[]) {
  const list = new Intl.ListFormat(locale, { type: "conjunction", style: "long" }).format(names);
  return rich("conversation.type", { count: names.length, names: <Written>{list}</Written> });
}
