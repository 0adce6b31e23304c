import { type ReactNode, useEffect } from "react";
import { t } from "@/i18n";
import { usePlace } from "../router";
import { ConnectionBanner } from "./ConnectionBanner";
import styles from "./Shell.module.css";
import { useNarrow } from "./useNarrow";

/** Where the skip link leads. */
const MAIN = "main";

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
  const listOnly = useNarrow() && !chosen;
  const { path } = usePlace();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another address may have hidden what had the focus
  useEffect(keepFocus, [path]);

  return (
    <div className={styles["shell"]} data-chosen={chosen || undefined}>
      <button type="button" className={styles["skip"]} onClick={skip}>
        {t("shell.skip")}
      </button>
      <div className={styles["banner"]}>
        <ConnectionBanner />
      </div>
      {/* One element with two roles: with two elements, the list would lose its place when something is chosen. */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name */}
      <div
        role={listOnly ? "main" : "complementary"}
        className={styles["sidebar"]}
        aria-label={label}
        {...(listOnly ? { id: MAIN, tabIndex: -1 } : {})}
      >
        {!chosen && <h1 className="visually-hidden">{label}</h1>}
        {sidebar}
      </div>
      {!listOnly && (
        <main id={MAIN} tabIndex={-1} className={styles["main"]}>
          {children}
        </main>
      )}
    </div>
  );
}

function skip(): void {
  document.getElementById(MAIN)?.focus();
}

/** Focus that went away with its element goes to the content, not to the top of the page. */
function keepFocus(): void {
  const focused = document.activeElement;
  const lost = focused === null || focused === document.body || focused.getClientRects().length === 0;
  if (lost) document.getElementById(MAIN)?.focus({ preventScroll: true });
}
