import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Tooltip } from "../overlays/Tooltip";
import { cx } from "../style/cx";
import styles from "./IconButton.module.css";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "aria-label"> {
  /** What it does: its accessible name, and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly size?: "m" | "s";
  /** Keys that do the same, shown in the tooltip. */
  readonly keys?: readonly string[];
  /** Left out where a menu or popover opens from it and the tooltip would sit in the way. */
  readonly tooltip?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, icon, size = "m", keys, tooltip = true, className, ...rest }: Props) {
  const button = (
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={cx(styles["button"], size === "s" && styles["small"], className)}
    >
      {icon}
    </button>
  );
  if (!tooltip) return button;
  return (
    <Tooltip label={label} keys={keys}>
      {button}
    </Tooltip>
  );
}
