import { type KeyboardEvent, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { newKey } from "@/api";
import { useNarrow } from "@/app/layout/useNarrow";
import { useWatched } from "@/app/status/value";
import { takeFrame } from "@/boot/frame";
import { t } from "@/i18n";
import { roomName, useLive, usePeople } from "@/realtime";
import type { RoomId } from "@/sync/model";
import { newestSerial } from "@/sync/timeline/state";
import { cx, IconButton } from "@/ui";
import { CircleAlert, Send } from "@/ui/icons";
import { useRoom, useRoomListing } from "../RoomContext";
import { useBytesMax } from "../useLimits";
import styles from "./Composer.module.css";
import { EmojiButton } from "./EmojiButton";
import { Help } from "./Help";
import { enterKey } from "./preferences";
import { replaceRange } from "./replace";
import { Suggestions } from "./Suggestions";
import { bytesOver } from "./size";
import { inCode } from "./trigger";
import { useCompletion } from "./useCompletion";
import { useDraft } from "./useDraft";

/** Where one writes. A plain text area with Markdown in it: undo, spelling, input methods are the platform's own. */
export function Composer() {
  const { live: room, compose } = useRoom();
  const listing = useRoomListing();
  const { outbox } = useLive();
  const people = usePeople();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(listing.room.id);
  const bytes_max = useBytesMax();
  const enter = useWatched(enterKey);
  const over = bytesOver(text.trim(), bytes_max);
  const sendable = text.trim() !== "" && over === 0;
  const completion = useCompletion(listing, (from, insert) => {
    const element = area.current;
    if (element !== null) replaceRange(element, from, element.selectionStart, insert);
  });

  useGrowing(area, text);
  useCaretAtEnd(area);
  useFrame(listing.room.id, area, (typed, said) => {
    for (const one of said) say(one);
    setText(typed);
  });
  useFocusOnOpening(area);
  useImperativeHandle(compose, () => ({
    focus: () => area.current?.focus(),
    takeBack(back) {
      setText(text.trim() === "" ? back : `${back}\n\n${text}`);
      area.current?.focus();
    },
  }));

  function changed(element: HTMLTextAreaElement) {
    setText(element.value);
    completion.look(element.value, element.selectionStart);
    if (element.value.trim() === "") room.stoppedTyping();
    else room.typed();
  }

  function say(said: string) {
    const after_serial = newestSerial(room.timeline.get());
    void outbox.add({
      id: newKey(),
      room: listing.room.id,
      text: said.trim(),
      written_ms: Date.now(),
      after_serial,
    });
  }

  function send() {
    if (!sendable || outbox.full) return;
    say(text);
    setText("");
    completion.close();
    room.stoppedTyping();
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, every key is its own; 229 is what some of them send instead.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (completion.onKeyDown(event)) return;
    if (event.key === "Escape") completion.close();
    if (event.key !== "Enter" || event.altKey) return;
    const other = event.shiftKey || event.ctrlKey || event.metaKey;
    const code = inCode(text, event.currentTarget.selectionStart);
    const sends = event.ctrlKey || event.metaKey || (enter === "sends" ? !other && !code : event.shiftKey);
    if (!sends) return;
    event.preventDefault();
    send();
  }

  const name = roomName(listing, people);
  const narrow = useNarrow();
  const label =
    listing.room.kind === "direct"
      ? t("conversation.writeTo", { name })
      : t("conversation.writeIn", { name });
  const chosen = completion.items.length > 0 ? `${completion.id}-${completion.chosen}` : undefined;
  return (
    <div className={styles["composer"]}>
      <Suggestions completion={completion} />
      <div className={styles["box"]}>
        <Help />
        <textarea
          ref={area}
          className={styles["area"]}
          dir="auto"
          rows={1}
          value={text}
          placeholder={narrow ? t("conversation.write") : label}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={chosen === undefined ? undefined : completion.id}
          aria-activedescendant={chosen}
          aria-invalid={over > 0 || undefined}
          enterKeyHint={enter === "sends" ? "send" : "enter"}
          data-composer
          onChange={(event) => changed(event.currentTarget)}
          onSelect={(event) => completion.look(event.currentTarget.value, event.currentTarget.selectionStart)}
          onBlur={() => completion.close()}
          onKeyDown={onKeyDown}
        />
        <EmojiButton
          onReact={(emoji) => room.react(emoji)}
          onTake={(emoji) => {
            const element = area.current;
            if (element !== null) replaceRange(element, element.selectionStart, element.selectionEnd, emoji);
          }}
        />
        <IconButton
          className={cx(styles["send"], sendable && styles["ready"])}
          label={t("conversation.send")}
          tooltip={false}
          aria-disabled={!sendable}
          icon={<Send size={18} aria-hidden />}
          onPointerDown={(event) => event.preventDefault()}
          onClick={send}
        />
      </div>
      {(over > 0 || outbox.full) && (
        <p role="alert" className={styles["over"]}>
          <CircleAlert size={14} aria-hidden />
          {over > 0 ? t("conversation.tooLong", { count: over }) : t("conversation.outboxFull")}
        </p>
      )}
    </div>
  );
}

/**
 * Whoever opens a room means to write in it, unless a keyboard would come up over it (on phones), or focus is at
 * work elsewhere.
 */
function useFocusOnOpening(area: React.RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const focused = document.activeElement;
    const free = focused === null || focused === document.body || focused.matches("a[data-room]");
    if (free && matchMedia("(hover: hover)").matches) area.current?.focus();
  }, [area]);
}

/** Goes on with what was typed before the app was there. */
function useFrame(
  room: RoomId,
  area: React.RefObject<HTMLTextAreaElement | null>,
  take: (typed: string, said: readonly string[]) => void,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the composer is there
  useLayoutEffect(
    () =>
      takeFrame(room, ({ text, said, start, end, focused }) => {
        take(text, said);
        const element = area.current;
        if (element === null) return;
        // What `take` has set arrives with the next drawing; the caret needs it now.
        element.value = text;
        element.setSelectionRange(start, end);
        if (focused) element.focus();
      }),
    [room],
  );
}

/** Whoever comes back to a draft goes on at its end. */
function useCaretAtEnd(area: React.RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => {
    const end = area.current?.value.length ?? 0;
    area.current?.setSelectionRange(end, end);
  }, [area]);
}

/** As high as its text, up to what the style allows. */
function useGrowing(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null || CSS.supports("field-sizing", "content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [area, text]);
}
