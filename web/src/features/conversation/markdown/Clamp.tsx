import { type ReactNode, useId, useState } from "react";
import { t } from "@/i18n";
import { Button } from "@/ui";
import styles from "./Clamp.module.css";

const CHARS_MAX = 3_000;
const LINES_MAX = 40;

function isLong(text: string): boolean {
  if (text.length > CHARS_MAX) return true;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines > LINES_MAX;
}

/** Keeps a very long message from taking the room over: its beginning, and the rest on demand. */
export function Clamp({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (!isLong(text)) return children;
  return (
    <div>
      <div id={id} className={open ? undefined : styles["clamped"]}>
        {children}
      </div>
      <Button size="s" variant="quiet" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {open ? t("conversation.showLess") : t("conversation.showAll")}
      </Button>
    </div>
  );
}
