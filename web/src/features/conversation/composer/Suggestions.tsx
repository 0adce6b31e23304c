import { useEffect, useRef } from "react";
import { t, Written } from "@/i18n";
import { Avatar, cx } from "@/ui";
import { Users } from "@/ui/icons";
import styles from "./Composer.module.css";
import type { Completion } from "./useCompletion";

/** What could be meant, above the composer. Focus stays in the text. */
export function Suggestions({ completion }: { readonly completion: Completion }) {
  const { id, items, chosen } = completion;
  const list = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one is brought into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  if (items.length === 0) return null;
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={t("conversation.suggestions")}
      className={styles["suggestions"]}
    >
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the textarea's, which keeps the focus
        // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
        <div
          key={item.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          className={cx(styles["suggestion"], index === chosen && styles["chosen"])}
          onPointerMove={() => completion.setChosen(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => completion.take(item)}
        >
          {item.person !== undefined && <Avatar id={item.person.id} name={item.person.name} size="s" />}
          {item.emoji !== undefined && <span className={styles["emoji"]}>{item.emoji}</span>}
          {item.person === undefined && item.emoji === undefined && <Users size={18} aria-hidden />}
          <Written className={styles["label"]}>{item.label}</Written>
          <span className={styles["detail"]}>{item.detail}</span>
        </div>
      ))}
    </div>
  );
}
