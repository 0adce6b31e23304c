import type { ReactNode } from "react";
import { t } from "@/i18n";
import { IconButton } from "@/ui";
import { ArrowLeft } from "@/ui/icons";
import { goBack } from "../router";
import styles from "./PageHeader.module.css";

interface Props {
  /** The heading of the pane. */
  readonly title: ReactNode;
  /** A line below it: a topic, who is here. */
  readonly detail?: ReactNode;
  /** Before the title: an avatar, a sign for the kind of room. */
  readonly leading?: ReactNode;
  /** Buttons at the end. */
  readonly actions?: ReactNode;
  /** Where the way back leads on phones. */
  readonly back: string;
}

/** The head of a pane. On phones it carries the way back to the list. */
export function PageHeader({ title, detail, leading, actions, back }: Props) {
  return (
    <header className={styles["header"]}>
      <IconButton
        className={styles["back"]}
        label={t("common.back")}
        tooltip={false}
        icon={<ArrowLeft size={20} aria-hidden className={styles["arrow"]} />}
        onClick={() => goBack(back)}
      />
      {leading}
      <div className={styles["words"]}>
        <h1 className={styles["title"]}>{title}</h1>
        {detail !== undefined && detail !== "" && <div className={styles["detail"]}>{detail}</div>}
      </div>
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
    </header>
  );
}
