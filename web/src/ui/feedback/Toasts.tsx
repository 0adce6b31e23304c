import { useEffect, useState, useSyncExternalStore } from "react";
import { t } from "@/i18n";
import { Button } from "../controls/Button";
import { IconButton } from "../controls/IconButton";
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "../icons";
import { cx } from "../style/cx";
import styles from "./Toasts.module.css";
import { dismissToast, type Toast, toastStore } from "./toasts";

const ICONS = { info: Info, good: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

/** Where toasts appear. Once on a page. Its live region is there before the first toast, or none is read. */
export function Toasts() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  return (
    <section aria-live="polite" aria-relevant="additions" className={styles["region"]}>
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  // Time stands still while somebody is reading or about to press.
  const [held, setHeld] = useState(false);
  const { id, lasts_ms, action } = toast;

  useEffect(() => {
    if (held || lasts_ms === undefined) return;
    const timer = setTimeout(() => dismissToast(id), lasts_ms);
    return () => clearTimeout(timer);
  }, [held, id, lasts_ms]);

  const Icon = ICONS[toast.tone];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds the toast, it does nothing
    <div
      className={cx(styles["toast"], styles[toast.tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={18} aria-hidden className={styles["icon"]} />
      <p dir="auto" className={styles["text"]}>
        {toast.text}
      </p>
      {action !== undefined && (
        <Button
          size="s"
          variant="quiet"
          onClick={() => {
            dismissToast(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        size="s"
        tooltip={false}
        label={t("common.dismiss")}
        icon={<X size={16} aria-hidden />}
        onClick={() => dismissToast(id)}
      />
    </div>
  );
}
