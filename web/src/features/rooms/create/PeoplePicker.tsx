import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { api, call } from "@/api";
import { t, Written } from "@/i18n";
import { useLive } from "@/realtime";
import type { Person, PersonId } from "@/sync/model";
import { Avatar, cx, TextField } from "@/ui";
import { Check, X } from "@/ui/icons";
import styles from "./PeoplePicker.module.css";

const SHOWN_MAX = 50;
const STALE_MS = 30_000;

interface Props {
  readonly label: string;
  readonly chosen: readonly Person[];
  readonly onChange: (chosen: readonly Person[]) => void;
  /** People who can't be chosen: they are there already. */
  readonly without?: ReadonlySet<PersonId>;
  readonly max: number;
}

/** Finds people by name or handle, and takes several. */
export function PeoplePicker({ label, chosen, onChange, without, max }: Props) {
  const { me } = useLive();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const prefix = useDeferredValue(text.trim().replace(/^@/, ""));
  const found = useQuery({
    queryKey: ["people", "prefix", prefix],
    queryFn: () => call(api.GET("/people", { params: { query: { prefix, limit: SHOWN_MAX } } })),
    staleTime: STALE_MS,
    placeholderData: (before) => before,
  });
  const people = (found.data?.items ?? []).filter(
    (p) => p.id !== me && !p.deactivated && without?.has(p.id) !== true,
  );
  const index = Math.min(at, people.length - 1);
  const has = (person: Person) => chosen.some((one) => one.id === person.id);

  function toggle(person: Person | undefined) {
    if (person === undefined) return;
    if (has(person)) onChange(chosen.filter((one) => one.id !== person.id));
    else if (chosen.length < max) onChange([...chosen, person]);
    setText("");
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt(Math.min(people.length - 1, index + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, index - 1));
    else if (event.key === "Enter" && people.length > 0 && text !== "") toggle(people[index]);
    else if (event.key === "Backspace" && text === "") onChange(chosen.slice(0, -1));
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles["picker"]}>
      {chosen.length > 0 && (
        <ul className={styles["chosen"]} aria-label={t("rooms.chosen")}>
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className={styles["chip"]}
                aria-label={t("rooms.unchoose", { name: person.name })}
                onClick={() => toggle(person)}
              >
                <Avatar id={person.id} name={person.name} size="xs" />
                <Written>{person.name}</Written>
                <X size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <TextField
        label={label}
        labelHidden
        placeholder={label}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={people.length > 0 ? `${id}-${index}` : undefined}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        value={text}
        onChange={(next) => {
          setText(next);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label={label} aria-multiselectable className={styles["list"]}>
        {people.map((person, row) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
          <div
            key={person.id}
            id={`${id}-${row}`}
            role="option"
            aria-selected={has(person)}
            className={cx(styles["person"], row === index && styles["at"])}
            onPointerMove={() => setAt(row)}
            onClick={() => toggle(person)}
          >
            <Avatar id={person.id} name={person.name} size="s" />
            <Written className={styles["name"]}>{person.name}</Written>
            <span className={styles["handle"]}>@{person.handle}</span>
            {has(person) && <Check size={16} aria-hidden />}
          </div>
        ))}
        {found.isSuccess && people.length === 0 && <p className={styles["none"]}>{t("rooms.nobodyFound")}</p>}
      </div>
    </div>
  );
}
