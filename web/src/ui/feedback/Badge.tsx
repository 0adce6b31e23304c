import type { ReactNode } from "react";
import { formatNumber } from "@/i18n";
import { cx } from "../style/cx";
import styles from "./Badge.module.css";

const SHOWN_MAX = 999;

interface CountProps {
  readonly count: number;
  /** What is counted, in words: "3 unread messages". Read in place of the bare number. */
  readonly label: string;
  /** Apricot for what names the reader, leaf for the rest. */
  readonly tone?: "leaf" | "apricot" | "quiet";
}

/** A count that asks for a look; nothing at zero. */
export function CountBadge({ count, label, tone = "leaf" }: CountProps) {
  if (count <= 0) return null;
  return (
    <span className={cx(styles["count"], styles[tone])} title={label}>
      <span aria-hidden>{count > SHOWN_MAX ? `${formatNumber(SHOWN_MAX)}+` : formatNumber(count)}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

interface TagProps {
  readonly children: ReactNode;
  readonly tone?: "neutral" | "leaf" | "apricot" | "berry";
  readonly icon?: ReactNode;
}

/** A word about the thing beside it: a role, a state. */
export function Tag({ children, tone = "neutral", icon }: TagProps) {
  return (
    <span className={cx(styles["tag"], styles[`tag-${tone}`])}>
      {icon}
      {children}
    </span>
  );
}
