import type { ReactNode } from "react";
import { t } from "@/i18n";
import { ConnectionBanner } from "./ConnectionBanner";
import styles from "./Shell.module.css";

interface Props {
  /** What to choose from: rooms, or the parts of the settings. */
  readonly sidebar: ReactNode;
  /** The name of the sidebar, for screen readers. */
  readonly label: string;
  /** What was chosen. Absent: nothing yet; phones then show the sidebar. */
  readonly children?: ReactNode;
  /** Whether something was chosen. */
  readonly chosen: boolean;
}

/** A list beside what was chosen from it; on phones one after the other, with the way back in the header. */
export function Shell({ sidebar, label, children, chosen }: Props) {
  return (
    <div className={styles["shell"]} data-chosen={chosen || undefined}>
      <button type="button" className={styles["skip"]} onClick={skip}>
        {t("shell.skip")}
      </button>
      <div className={styles["banner"]}>
        <ConnectionBanner />
      </div>
      <aside className={styles["sidebar"]} aria-label={label}>
        {sidebar}
      </aside>
      <main id="main" tabIndex={-1} className={styles["main"]}>
        {children}
      </main>
    </div>
  );
}

function skip(): void {
  document.getElementById("main")?.focus();
}
