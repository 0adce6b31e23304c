/**
 * A field in the quick switcher's place until that has come: whoever pressed its keys types on at once, and must not
 * type into what lies below.
 */
import { boot } from "@/i18n/en/boot";
import styles from "./switcher-field.module.css";

let field: HTMLInputElement | undefined;

/** Shows the field; `close` is called when somebody wants it gone. */
export function openField(close: () => void): void {
  if (field !== undefined) return;
  field = document.createElement("input");
  field.className = styles["field"] ?? "";
  field.ariaLabel = boot["rooms.switcher"];
  field.placeholder = boot["rooms.switcherHint"];
  field.autocomplete = "off";
  field.spellcheck = false;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close();
  });
  document.body.append(field);
  field.focus();
}

/** Takes the field away and answers with what was written into it; the focus goes to where one writes. */
export function takeField(): string | undefined {
  const text = field?.value;
  field?.remove();
  if (field !== undefined) document.querySelector<HTMLElement>("[data-composer]")?.focus();
  field = undefined;
  return text;
}
