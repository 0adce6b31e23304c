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

/** Who has this room open, now, people first; apps are no people. Without a connection nobody can tell. */
export function Here() {
  const { live, me } = useRoom();
  const { directory } = useLive();
  const present = useStore(live.presentPeople);
  const people = usePeople();
  const away = isAway(useWatched(connection));
  const others = [...present].filter((id) => id !== me);
  const count = others.filter(isPerson).length;

  useEffect(() => directory.want(present), [directory, present]);

  if (others.length === 0 || away) return null;
  const named = others
    .flatMap((id) => {
      const name = nameOf(people, id);
      return name === undefined ? [] : { id, name };
    })
    .sort((a, b) => Number(isPerson(b.id)) - Number(isPerson(a.id)) || a.name.localeCompare(b.name));
  const apps = others.length - count;
  const lines = [
    count > 0 && t("conversation.here", { count }),
    apps > 0 && t("conversation.appsHere", { count: apps }),
  ].filter((line) => line !== false);
  const label = lines.join(", ");
  // Apps only where there is nobody else: the number beside the faces is that of the people.
  const faces = named.slice(0, count > 0 ? Math.min(count, FACES_MAX) : FACES_MAX);
  return (
    <Popover
      align="end"
      label={label}
      trigger={
        <button type="button" className={styles["here"]} aria-label={label}>
          <span className={styles["faces"]}>
            {faces.map((person) => (
              <Avatar key={person.id} id={person.id} name={person.name} size="xs" />
            ))}
          </span>
          <span className={styles["count"]}>{count > 0 ? count : t("conversation.script")}</span>
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
