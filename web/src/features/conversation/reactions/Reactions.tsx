import { Written } from "@/i18n";
import { usePeople } from "@/realtime";
import { nameOf } from "@/sync/people";
import type { Reaction } from "@/sync/reactions";
import styles from "./Reactions.module.css";

/** Each with who it is from. For the eye alone: the line that holds this says it in words. */
export default function Reactions({ reactions }: { readonly reactions: readonly Reaction[] }) {
  const people = usePeople();
  return (
    <div className={styles["place"]} aria-hidden data-reactions>
      <div className={styles["reactions"]}>
        {reactions.map(({ id, author, name }) => (
          <span key={id} className={styles["reaction"]}>
            <Written className={styles["sign"]}>{name}</Written>
            <Written className={styles["author"]}>{nameOf(people, author) ?? "…"}</Written>
          </span>
        ))}
      </div>
    </div>
  );
}
