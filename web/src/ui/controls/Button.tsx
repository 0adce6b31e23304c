import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Spinner } from "../feedback/Spinner";
import { cx } from "../style/cx";
import styles from "./Button.module.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** How much it asks for: one primary button to a view. */
  readonly variant?: "primary" | "secondary" | "quiet" | "danger" | "danger-quiet";
  readonly size?: "m" | "s";
  readonly icon?: ReactNode;
  /** Work is under way: it shows so, keeps its width, and ignores presses without losing focus. */
  readonly busy?: boolean;
  /** As wide as its container. */
  readonly wide?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button(props: ButtonProps) {
  const {
    variant = "secondary",
    size = "m",
    icon,
    busy = false,
    wide,
    className,
    children,
    onClick,
    ...rest
  } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(styles["button"], styles[variant], styles[size], wide && styles["wide"], className)}
    >
      {busy && (
        <span className={styles["spinner"]}>
          <Spinner />
        </span>
      )}
      <span className={cx(styles["content"], busy && styles["busy"])}>
        {icon}
        {children}
      </span>
    </button>
  );
}
