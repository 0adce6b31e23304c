import type { ReactNode } from "react";
import { useTitle } from "../title";
import styles from "./Page.module.css";
import { PageHeader } from "./PageHeader";

interface Props {
  readonly title: string;
  readonly back: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of sections that scrolls below its header: settings, administration. */
export function Page({ title, back, actions, children }: Props) {
  useTitle(title);
  return (
    <>
      <PageHeader title={title} back={back} actions={actions} />
      <div className={styles["scroll"]}>
        <div className={styles["column"]}>{children}</div>
      </div>
    </>
  );
}
