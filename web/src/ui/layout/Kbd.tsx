import styles from "./Kbd.module.css";

const APPLE = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "");
const SYMBOLS: Record<string, string> = APPLE
  ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩", Escape: "esc", ArrowUp: "↑", ArrowDown: "↓" }
  : { Mod: "Ctrl", Shift: "Shift", Alt: "Alt", Enter: "Enter", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };

/** Whether `event` has the modifier that this system uses for commands. */
export function hasMod(event: KeyboardEvent | React.KeyboardEvent): boolean {
  return APPLE ? event.metaKey : event.ctrlKey;
}

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
