import { useQuery } from "@tanstack/react-query";
import {
  type KeyboardEvent,
  type RefObject,
  useDeferredValue,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { api, call, explain } from "@/api";
import { navigate, to, usePlace } from "@/app/router";
import { takeField } from "@/boot/switcher-field";
import { t, Written } from "@/i18n";
import { useLive, usePeople, useSections } from "@/realtime";
import { Avatar, cx, Dialog, toast } from "@/ui";
import { Search } from "@/ui/icons";
import { openDirect } from "../direct";
import { RoomMarks } from "../list/RoomMarks";
import { closeOverlay } from "../overlay";
import { RoomSign } from "../RoomSign";
import { type Choice, choices } from "./options";
import styles from "./QuickSwitcher.module.css";
import { recentRooms } from "./recent";

const PEOPLE_MAX = 20;
const STALE_MS = 30_000;

/** Goes to a room or a person by a few letters of its name. */
export function QuickSwitcher() {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  // Before the dialog is there: what has the focus then gets it back at the end.
  useLayoutEffect(() => {
    const text = takeField();
    setTyped((before) => before ?? text ?? "");
  }, []);
  if (typed === undefined) return null;
  const onOpen = (event: Event) => {
    event.preventDefault();
    input.current?.focus();
    input.current?.setSelectionRange(typed.length, typed.length);
  };
  return (
    <Dialog open bare title={t("rooms.switcher")} onClose={closeOverlay} onOpenAutoFocus={onOpen}>
      <Switcher input={input} typed={typed} />
    </Dialog>
  );
}

function useChoices(query: string): readonly Choice[] {
  const sections = useSections();
  const { known } = usePeople();
  const { me } = useLive();
  const { path } = usePlace();
  const [recent] = useState(recentRooms);
  const prefix = query.trim().replace(/^[@#]/, "").toLowerCase();
  const found = useQuery({
    queryKey: ["people", "prefix", prefix],
    queryFn: () => call(api.GET("/people", { params: { query: { prefix, limit: PEOPLE_MAX } } })),
    enabled: prefix !== "",
    staleTime: STALE_MS,
  });
  return useMemo(() => {
    const people = new Map([
      ...known,
      ...(found.data?.items ?? []).map((person) => [person.id, person] as const),
    ]);
    people.delete(me);
    const current = decodeURIComponent(path.split("/")[2] ?? "");
    return choices({ sections, recent, people: [...people.values()], query, current });
  }, [sections, known, found.data, me, path, recent, query]);
}

interface Props {
  readonly input: RefObject<HTMLInputElement | null>;
  /** What was written before it was there. */
  readonly typed: string;
}

function Switcher({ input, typed }: Props) {
  const live = useLive();
  const id = useId();
  const [query, setQuery] = useState(typed);
  const [chosen, setChosen] = useState(0);
  const shown = useChoices(useDeferredValue(query));
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen, shown.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one is brought into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  function take(choice: Choice | undefined) {
    if (choice === undefined) return;
    closeOverlay();
    if (choice.kind === "room") navigate(to.room(choice.listing.room.id));
    else
      openDirect(live, [choice.person.id]).catch((error: unknown) =>
        toast(explain(error), { tone: "danger" }),
      );
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || shown.length === 0) return;
    if (event.key === "ArrowDown") setChosen((at + 1) % shown.length);
    else if (event.key === "ArrowUp") setChosen((at + shown.length - 1) % shown.length);
    else if (event.key === "Enter") take(shown[at]);
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles["switcher"]}>
      <div className={styles["field"]}>
        <Search size={18} aria-hidden />
        <input
          ref={input}
          className={styles["input"]}
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown.length > 0 ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          aria-label={t("rooms.switcher")}
          placeholder={t("rooms.switcherHint")}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t("rooms.switcher")}
        className={styles["list"]}
      >
        {shown.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
          <div
            key={choice.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className={cx(styles["choice"], index === at && styles["chosen"])}
            onPointerMove={() => setChosen(index)}
            onClick={() => take(choice)}
          >
            <ChoiceLine choice={choice} />
          </div>
        ))}
        {shown.length === 0 && (
          <p className={styles["none"]}>
            {t(query.trim() === "" ? "rooms.switcherEmpty" : "rooms.switcherNone")}
          </p>
        )}
      </div>
    </div>
  );
}

function ChoiceLine({ choice }: { readonly choice: Choice }) {
  if (choice.kind === "person") {
    return (
      <>
        <Avatar id={choice.person.id} name={choice.person.name} size="s" />
        <Written className={styles["name"]}>{choice.person.name}</Written>
        <span className={styles["detail"]}>@{choice.person.handle}</span>
      </>
    );
  }
  return (
    <>
      <RoomSign listing={choice.listing} size="s" />
      <Written className={cx(styles["name"], choice.listing.unread.unread > 0 && styles["unread"])}>
        {choice.name}
      </Written>
      <RoomMarks listing={choice.listing} />
    </>
  );
}
