import type { ReactNode } from "react";
import { t } from "@/i18n";
import { ArrowLeft, ChevronRight } from "@/ui/icons";
import { Link, to } from "../router";
import styles from "./SideNav.module.css";

interface Item {
  readonly to: string;
  readonly label: string;
  readonly icon: ReactNode;
  /** At the end: a count. */
  readonly badge?: ReactNode;
}

interface Props {
  readonly title: string;
  readonly items: readonly Item[];
  /** The item that desktops show when none was chosen yet. */
  readonly first: string;
  readonly chosen: boolean;
}

/** The parts of the settings or of the administrator's page, in place of the room list. */
export function SideNav({ title, items, first, chosen }: Props) {
  return (
    <nav className={styles["nav"]} aria-label={title}>
      <Link to={to.home()} className={styles["back"]}>
        <ArrowLeft size={18} aria-hidden />
        {t("shell.backToChat")}
      </Link>
      <h2 className={styles["title"]}>{title}</h2>
      <ul className={styles["items"]}>
        {items.map((item) => (
          <li key={item.to}>
            <Link
              to={item.to}
              className={styles["item"]}
              data-first={(!chosen && item.to === first) || undefined}
            >
              {item.icon}
              <span className={styles["label"]}>{item.label}</span>
              {item.badge}
              <ChevronRight size={18} aria-hidden className={styles["chevron"]} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
