import type { ReactNode } from "react";
import type { Submit } from "@/api";
import { Banner, Button } from "@/ui";
import styles from "./Form.module.css";

interface Props {
  readonly submit: Submit;
  /** The verb on the button. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Fields, what went wrong with them as a whole, and the button that sends them. */
export function Form({ submit, label, children }: Props) {
  return (
    <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
      {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
      {children}
      <Button type="submit" variant="primary" wide busy={submit.busy}>
        {label}
      </Button>
    </form>
  );
}
