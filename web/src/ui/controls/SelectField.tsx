import type { SelectHTMLAttributes } from "react";
import { ChevronDown } from "../icons";
import { cx } from "../style/cx";
import { Field, type FieldProps } from "./Field";
import styles from "./Field.module.css";

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface Props<Value extends string>
  extends FieldProps,
    Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "onChange" | "value"> {
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
}

/** One of a list, by the platform's own picker: the best one on phones, and known to every reader. */
export function SelectField<Value extends string>(props: Props<Value>) {
  const { label, hint, error, optional, labelHidden, options, onChange, className, ...rest } = props;
  return (
    <Field {...{ label, hint, error, optional: optional ?? false, labelHidden: labelHidden ?? false }}>
      {(links) => (
        <div className={styles["picker"]}>
          <select
            {...rest}
            {...links}
            onChange={(event) => onChange(event.target.value as Value)}
            className={cx(styles["input"], className)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown size={16} aria-hidden />
        </div>
      )}
    </Field>
  );
}
