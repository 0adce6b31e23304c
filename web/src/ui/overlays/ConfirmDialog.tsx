import { type ReactNode, useState } from "react";
import { t } from "@/i18n";
import { Button } from "../controls/Button";
import { Dialog } from "./Dialog";

interface Props {
  readonly open: boolean;
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly children: ReactNode;
  /** The verb on the button that does it. */
  readonly confirm: string;
  readonly danger?: boolean;
  /** Does it. The dialog shows the wait, and closes unless this fails; whoever calls says why it failed. */
  readonly onConfirm: () => Promise<unknown> | undefined;
  readonly onClose: () => void;
}

/** Asks once more before something that people would regret. */
export function ConfirmDialog({ open, title, children, confirm, danger = false, onConfirm, onClose }: Props) {
  const [busy, setBusy] = useState(false);

  async function run() {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch {
      // The caller has shown what went wrong; the question stays open for another try.
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={children}
      size="s"
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={run}>
            {confirm}
          </Button>
        </>
      }
    />
  );
}
