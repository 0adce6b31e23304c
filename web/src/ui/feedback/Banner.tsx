import type { ReactNode } from "react";
import { t } from "@/i18n";
import { IconButton } from "../controls/IconButton";
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "../icons";
import { cx } from "../style/cx";
import styles from "./Banner.module.css";

export type Tone = "info" | "good" | "warning" | "danger";

const ICONS = { info: Info, good: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

interface Props {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
  /** A button that does something about it. */
  readonly action?: ReactNode;
  /** Takes the place of the tone's own icon. */
  readonly icon?: ReactNode;
  /** Runs across the top of a pane, without corners. */
  readonly flush?: boolean;
  readonly onDismiss?: () => void;
}

/** Something to know about the page as a whole. Errors interrupt a screen reader, the rest waits its turn. */
export function Banner({ tone = "info", title, children, action, icon, flush, onDismiss }: Props) {
  const Icon = ICONS[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={cx(styles["banner"], styles[tone], flush && styles["flush"])}
    >
      <span className={styles["icon"]}>{icon ?? <Icon size={18} aria-hidden />}</span>
      <div className={styles["text"]}>
        {title !== undefined && <strong className={styles["title"]}>{title}</strong>}
        {children}
      </div>
      {action}
      {onDismiss !== undefined && (
        <IconButton
          size="s"
          tooltip={false}
          label={t("common.dismiss")}
          icon={<X size={16} aria-hidden />}
          onClick={onDismiss}
        />
      )}
    </div>
  );
}
