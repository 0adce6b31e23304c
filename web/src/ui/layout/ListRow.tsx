import type { ReactNode } from "react";
import { cx } from "../style/cx";
import styles from "./ListRow.module.css";

interface Props {
  /** An avatar or icon at the start. */
  readonly leading?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** Buttons, badges and switches at the end. */
  readonly trailing?: ReactNode;
  readonly faded?: boolean;
}

/** A row of a list in settings and the like: what it is, a word about it, what one can do. */
export function ListRow({ leading, title, detail, trailing, faded = false }: Props) {
  return (
    <li className={cx(styles["row"], faded && styles["faded"])}>
      {leading}
      <div className={styles["text"]}>
        <div className={styles["title"]}>{title}</div>
        {detail !== undefined && <div className={styles["detail"]}>{detail}</div>}
      </div>
      {trailing !== undefined && <div className={styles["trailing"]}>{trailing}</div>}
    </li>
  );
}

/** The list around rows: a card with hairlines. */
export function List({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul aria-label={label} className={styles["list"]}>
      {children}
    </ul>
  );
}
