import { lazy, Suspense, useRef, useState } from "react";
import { t } from "@/i18n";
import { IconButton, Popover, Spinner } from "@/ui";
import { Smile } from "@/ui/icons";
import styles from "./Composer.module.css";

// With the names of all emoji, which nobody needs in order to write.
const EmojiPicker = lazy(() => import("./EmojiPicker"));

interface Props {
  readonly onTake: (emoji: string) => void;
  readonly onReact: (emoji: string) => void;
}

/** Opens the picker. */
export function EmojiButton({ onTake, onReact }: Props) {
  const [open, setOpen] = useState(false);
  const taken = useRef<string>(undefined);

  // Then focus stays with the text that the emoji went into.
  function closed(event: Event) {
    if (taken.current === undefined) return;
    event.preventDefault();
    onTake(taken.current);
    taken.current = undefined;
  }

  return (
    <Popover
      side="top"
      align="end"
      label={t("conversation.emojiPick")}
      open={open}
      onOpenChange={setOpen}
      onClosed={closed}
      trigger={
        <IconButton
          className={styles["pick"]}
          tooltip={false}
          label={t("conversation.emojiPick")}
          icon={<Smile size={18} aria-hidden />}
        />
      }
    >
      <Suspense fallback={<Spinner />}>
        <EmojiPicker
          onTake={(emoji) => {
            taken.current = emoji;
            setOpen(false);
          }}
          onReact={(emoji) => {
            onReact(emoji);
            setOpen(false);
          }}
        />
      </Suspense>
    </Popover>
  );
}
