import { type ReactNode, useId } from "react";
import { t } from "@/i18n";
import { CircleAlert } from "../icons";
import { cx } from "../style/cx";
import styles from "./Field.module.css";

/** What a control inside a field must carry to be described by it. */
export interface FieldLinks {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

export interface FieldProps {
  readonly label: string;
  /** A sentence of help below the control. */
  readonly hint?: ReactNode;
  /** What is wrong with the value; takes the hint's place and is announced. */
  readonly error?: string | undefined;
  /** Marks what may stay empty; everything else is needed. */
  readonly optional?: boolean;
  /** Keeps the label for screen readers alone, where the place says enough. */
  readonly labelHidden?: boolean;
}

interface Props extends FieldProps {
  readonly children: (links: FieldLinks) => ReactNode;
}

/** Label, control, hint and error, tied together. */
export function Field({ label, hint, error, optional, labelHidden, children }: Props) {
  const id = useId();
  const below = error !== undefined || hint !== undefined;
  return (
    <div className={styles["field"]}>
      <label htmlFor={id} className={labelHidden ? "visually-hidden" : styles["label"]}>
        {label}
        {optional && <span className={styles["optional"]}>{t("common.optional")}</span>}
      </label>
      {children({
        id,
        "aria-describedby": below ? `${id}-below` : undefined,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      <div aria-live="polite" className={styles["below"]}>
        {hint !== undefined && <Hint {...(error === undefined ? { id: `${id}-below` } : {})}>{hint}</Hint>}
        {error !== undefined && (
          <span id={`${id}-below`} className={styles["error"]}>
            <CircleAlert size={14} aria-hidden />
            {error}
          </span>
        )}
      </div>
    </div>
  );
}

/** Replaced by an error, it has no id; out of sight it keeps its lines, so that what lies below stays where it is. */
function Hint({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <span id={id} aria-hidden={id === undefined || undefined} className={cx(!id && styles["replaced"])}>
      {children}
    </span>
  );
}
