import { useEffect, useRef, useState } from "react";
import { t } from "@/i18n";
import { Check, Copy } from "../icons";
import { Button } from "./Button";
import styles from "./CopyField.module.css";

const SHOWN_MS = 2000;

interface Props {
  /** What the value is; for screen readers. */
  readonly label: string;
  readonly value: string;
}

/** A value to take along: a link, a secret that is shown once. */
export function CopyField({ label, value }: Props) {
  const [copied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // No permission, or a page without TLS: select it, so that one key press copies it.
      input.current?.select();
    }
  }

  return (
    <div className={styles["row"]}>
      <input
        ref={input}
        readOnly
        aria-label={label}
        value={value}
        className={styles["value"]}
        onFocus={(event) => event.target.select()}
      />
      <Button onClick={copy} icon={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}>
        <span aria-live="polite">{copied ? t("common.copied") : t("common.copy")}</span>
      </Button>
    </div>
  );
}
