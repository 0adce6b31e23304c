import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { t } from "@/i18n";
import { cx } from "@/ui";
import styles from "./EmojiPicker.module.css";
import { CATEGORIES, type Category, type Emoji, emojiOf, findEmoji } from "./emoji";

/** As many stand in a line; the style sheet has the same number. */
const COLUMNS = 8;
const FOUND_MAX = 64;

/** A sign for each category: its first emoji, or one that is known better. */
const SIGNS: Record<Category, string> = {
  smileys: "😀",
  people: "👋",
  nature: "🐻",
  food: "🍎",
  travel: "🚗",
  activities: "⚽",
  objects: "💡",
  symbols: "❤️",
  flags: "🏳️",
};

/** What one reacts with in a room, mostly. */
const REACTIONS = ["👍", "❤️", "😂", "🎉", "👏", "😮"];

interface Props {
  readonly onTake: (emoji: string) => void;
  /** Shows an emoji to the room for a moment, rather than writing it. */
  readonly onReact: (emoji: string) => void;
}

/** Emoji by category or by name. The keys are the search field's: arrows choose, Enter takes. */
export function EmojiPicker({ onTake, onReact }: Props) {
  const id = useId();
  const [query, setQuery] = useState("");
  const [category, setCategory] = useState<Category>("smileys");
  const [chosen, setChosen] = useState(0);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const items = useEmoji(useDeferredValue(query.trim().toLowerCase()), category);

  // It comes after the card that it stands in, which has taken the focus. On touch screens a keyboard would cover it.
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) search.current?.focus();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one is brought into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen, items]);

  function look(text: string) {
    setQuery(text);
    setChosen(0);
  }

  function browse(next: Category) {
    look("");
    setCategory(next);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const next = moved(event.key, chosen, items.length);
    const item = items[chosen];
    if (next !== undefined) setChosen(next);
    else if (event.key === "Enter" && item !== undefined) onTake(item.emoji);
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles["picker"]}>
      <input
        ref={search}
        type="text"
        role="combobox"
        className={styles["search"]}
        value={query}
        placeholder={t("conversation.emojiSearch")}
        aria-label={t("conversation.emojiSearch")}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={items.length > 0 ? `${id}-${chosen}` : undefined}
        autoComplete="off"
        onChange={(event) => look(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <fieldset className={styles["categories"]} aria-label={t("conversation.emojiKinds")}>
        {CATEGORIES.map((one) => (
          <button
            key={one}
            type="button"
            className={styles["category"]}
            aria-pressed={one === category && query === ""}
            aria-label={t(`conversation.emoji.${one}`)}
            title={t(`conversation.emoji.${one}`)}
            onClick={() => browse(one)}
          >
            {SIGNS[one]}
          </button>
        ))}
      </fieldset>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={t("conversation.emojiPick")}
        className={styles["grid"]}
      >
        {items.map(({ emoji, names }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the search field's, which keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
          <div
            key={emoji}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            aria-label={(names[0] ?? emoji).replaceAll("_", " ")}
            title={`:${names[0] ?? ""}:`}
            className={cx(styles["emoji"], index === chosen && styles["chosen"])}
            onPointerMove={() => setChosen(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onTake(emoji)}
          >
            {emoji}
          </div>
        ))}
      </div>
      <p className={styles["name"]} aria-hidden>
        {items[chosen] === undefined ? t("conversation.emojiNone") : `:${items[chosen].names[0] ?? ""}:`}
      </p>
      <fieldset className={styles["reactions"]} aria-label={t("conversation.reactHint")}>
        <span aria-hidden>{t("conversation.reactHint")}</span>
        {REACTIONS.map((emoji) => (
          <button
            key={emoji}
            type="button"
            className={styles["reaction"]}
            aria-label={t("conversation.react", { emoji })}
            onClick={() => onReact(emoji)}
          >
            {emoji}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** What answers the query, or the whole category without one; empty until the list of names has come. */
function useEmoji(query: string, category: Category): readonly Emoji[] {
  const [items, setItems] = useState<readonly Emoji[]>([]);
  useEffect(() => {
    let current = true;
    const asked = query === "" ? emojiOf(category) : findEmoji(query.replaceAll(" ", "_"), FOUND_MAX);
    asked.then(
      (found) => current && setItems(found),
      () => current && setItems([]),
    );
    return () => {
      current = false;
    };
  }, [query, category]);
  return items;
}

function moved(key: string, from: number, count: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  const next = from + step;
  return next >= 0 && next < count ? next : from;
}

export default EmojiPicker;
