import { useEffect } from "react";
import { connection, isAway } from "@/app/connection";
import { useWatched } from "@/app/status/value";
import { t, Written } from "@/i18n";
import { useLive, usePeople, useStore } from "@/realtime";
import { isPerson, nameOf } from "@/sync/people";
import { Avatar, Popover, Tag } from "@/ui";
import { useRoom } from "../RoomContext";
import styles from "./Here.module.css";

/** Faces in the header; the rest is a number. */
const FACES_MAX = 3;
/** Names in the list; more than that is a crowd. */
const NAMES_MAX = 100;

/** Who has this room open, now; without a connection nobody can tell. */
export function Here() {
  const { live, me } = useRoom();
  const { directory } = useLive();
  const present = useStore(live.presentPeople);
  const people = usePeople();
  const away = isAway(useWatched(connection));
  const others = [...present].filter((id) => id !== me);

  useEffect(() => directory.want(present), [directory, present]);

  if (others.length === 0 || away) return null;
  const named = others
    .flatMap((id) => {
      const name = nameOf(people, id);
      return name === undefined ? [] : { id, name };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
  const label = t("conversation.here", { count: others.length });
  return (
    <Popover
      align="end"
      label={label}
      trigger={
        <button type="button" className={styles["here"]} aria-label={label}>
          <span className={styles["faces"]}>
            {named.slice(0, FACES_MAX).map((person) => (
              <Avatar key={person.id} id={person.id} name={person.name} size="xs" />
            ))}
          </span>
          <span className={styles["count"]}>{others.length}</span>
        </button>
      }
    >
      <div className={styles["card"]}>
        <p className={styles["heading"]}>{label}</p>
        <ul className={styles["list"]}>
          {named.slice(0, NAMES_MAX).map((person) => (
            <li key={person.id} className={styles["person"]}>
              <Avatar id={person.id} name={person.name} size="s" presence="online" />
              <Written>{person.name}</Written>
              {!isPerson(person.id) && <Tag>{t("conversation.script")}</Tag>}
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  );
}
