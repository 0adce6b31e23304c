import { type ReactNode, useId } from "react";
import styles from "./Section.module.css";

interface Props {
  readonly title: string;
  readonly description?: ReactNode;
  /** A button beside the title. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, description, action, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles["section"]}>
      <header className={styles["header"]}>
        <div className={styles["words"]}>
          <h2 id={id} className={styles["title"]}>
            {title}
          </h2>
          {description !== undefined && <div className={styles["description"]}>{description}</div>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
