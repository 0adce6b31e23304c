import type { ReactNode } from "react";
import { useTitle } from "@/app/title";
import { t } from "@/i18n";
import { Logo } from "@/ui";
import styles from "./SessionPage.module.css";

interface Props {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** The other ways from here. */
  readonly footer?: ReactNode;
}

/** The frame of every screen before one is in. */
export function SessionPage({ title, description, children, footer }: Props) {
  useTitle(title);
  return (
    <div className={styles["scroll"]}>
      <main className={styles["page"]}>
        <div className={styles["brand"]}>
          <Logo size={36} />
          <span>{t("app.name")}</span>
        </div>
        <div className={styles["card"]}>
          <header className={styles["header"]}>
            <h1 className={styles["title"]}>{title}</h1>
            {description !== undefined && <p className={styles["description"]}>{description}</p>}
          </header>
          {children}
        </div>
        {footer !== undefined && <footer className={styles["footer"]}>{footer}</footer>}
      </main>
    </div>
  );
}
