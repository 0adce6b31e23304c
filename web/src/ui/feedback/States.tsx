import type { ReactNode } from "react";
import { t } from "@/i18n";
import { Button } from "../controls/Button";
import { CircleAlert, RefreshCw, WifiOff } from "../icons";
import { cx } from "../style/cx";
import { Spinner } from "./Spinner";
import styles from "./States.module.css";

interface StateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Fits into a list or a card, where the whole pane would be too much. */
  readonly compact?: boolean;
  /** What the icon's colour says: all is well, wait, or something is wrong. */
  readonly tone?: "leaf" | "apricot" | "berry";
  /** The heading's level: 1 where this is all that the page shows. */
  readonly level?: 1 | 2;
}

/** Nothing here yet, why, and what to do about it. */
export function EmptyState({ icon, title, children, action, compact, tone = "leaf", level = 2 }: StateProps) {
  const Heading = `h${level}` as const;
  return (
    <div className={cx(styles["state"], compact && styles["compact"])}>
      <div className={cx(styles["icon"], styles[tone])} aria-hidden>
        {icon}
      </div>
      <Heading className={styles["title"]}>{title}</Heading>
      {children !== undefined && <div className={styles["text"]}>{children}</div>}
      {action}
    </div>
  );
}

interface ErrorProps {
  /** What went wrong, as one would say it. */
  readonly title: string;
  /** What the server or the browser says. */
  readonly detail?: string | undefined;
  /** The network is gone, which is nobody's fault and passes. */
  readonly offline?: boolean;
  readonly onRetry?: () => void;
  readonly compact?: boolean;
}

/** Something couldn't be shown. */
export function ErrorState({ title, detail, offline = false, onRetry, compact = false }: ErrorProps) {
  return (
    <div role="alert">
      <EmptyState
        compact={compact}
        tone={offline ? "apricot" : "berry"}
        icon={offline ? <WifiOff /> : <CircleAlert />}
        title={title}
        action={
          onRetry !== undefined && (
            <Button onClick={onRetry} icon={<RefreshCw size={16} aria-hidden />}>
              {t("common.retry")}
            </Button>
          )
        }
      >
        {detail}
      </EmptyState>
    </div>
  );
}

/** A pane that is on its way. Appears only after a moment, so that what is quick doesn't flicker. */
export function LoadingState({ label = t("common.loading") }: { readonly label?: string }) {
  return (
    <div role="status" className={cx(styles["state"], styles["late"])}>
      <Spinner size={24} />
      <span className="visually-hidden">{label}</span>
    </div>
  );
}
