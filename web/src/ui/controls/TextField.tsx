import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from "react";
import { cx } from "../style/cx";
import { Field, type FieldProps } from "./Field";
import styles from "./Field.module.css";

interface TextFieldProps
  extends FieldProps,
    Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "onChange" | "value"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** An icon before the text. */
  readonly leading?: ReactNode;
  /** A button after the text. */
  readonly trailing?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, optional, labelHidden, onChange, leading, trailing, className, ...rest } =
    props;
  return (
    <Field {...{ label, hint, error, optional: optional ?? false, labelHidden: labelHidden ?? false }}>
      {(links) => (
        <div className={styles["box"]}>
          {leading !== undefined && <span className={styles["leading"]}>{leading}</span>}
          <input
            type="text"
            {...rest}
            {...links}
            required={rest.required ?? false}
            onChange={(event) => onChange(event.target.value)}
            className={cx(
              styles["input"],
              leading !== undefined && styles["withLeading"],
              trailing !== undefined && styles["withTrailing"],
              className,
            )}
          />
          {trailing !== undefined && <span className={styles["trailing"]}>{trailing}</span>}
        </div>
      )}
    </Field>
  );
}

interface TextAreaProps
  extends FieldProps,
    Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id" | "onChange" | "value"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextAreaField(props: TextAreaProps) {
  const { label, hint, error, optional, labelHidden, onChange, className, ...rest } = props;
  return (
    <Field {...{ label, hint, error, optional: optional ?? false, labelHidden: labelHidden ?? false }}>
      {(links) => (
        <textarea
          {...rest}
          {...links}
          onChange={(event) => onChange(event.target.value)}
          className={cx(styles["input"], className)}
        />
      )}
    </Field>
  );
}
