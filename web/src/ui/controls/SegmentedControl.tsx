import { type ReactNode, useId } from "react";
import styles from "./SegmentedControl.module.css";

interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: ReactNode;
}

interface Props<Value extends string> {
  /** The question that the segments answer; for screen readers. */
  readonly label: string;
  readonly value: Value;
  readonly segments: readonly Segment<Value>[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, all in sight. Radio buttons underneath: arrow keys move, as everybody's reader expects. */
export function SegmentedControl<Value extends string>({ label, value, segments, onChange }: Props<Value>) {
  const name = useId();
  return (
    <fieldset className={styles["group"]}>
      <legend className="visually-hidden">{label}</legend>
      {segments.map((segment) => (
        <label key={segment.value} className={styles["segment"]}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
          />
          {segment.icon}
          {segment.label}
        </label>
      ))}
    </fieldset>
  );
}
