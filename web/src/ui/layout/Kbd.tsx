import styles from "./Kbd.module.css";
import { APPLE } from "./mod";

const SYMBOLS: Record<string, string> = APPLE
  ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩", Escape: "esc", ArrowUp: "↑", ArrowDown: "↓" }
  : { Mod: "Ctrl", Shift: "Shift", Alt: "Alt", Enter: "Enter", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };

/** Keys pressed together, as `["Mod", "K"]`, in this system's signs. */
export function Kbd({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className={styles["keys"]}>
      {keys.map((key) => (
        <kbd key={key} className={styles["key"]}>
          {SYMBOLS[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
