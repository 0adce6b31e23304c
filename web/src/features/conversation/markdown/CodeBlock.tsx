import { useEffect, useState } from "react";
import { t } from "@/i18n";
import { IconButton } from "@/ui";
import { Check, Copy } from "@/ui/icons";
import { copyText } from "../copy";
import styles from "./Markdown.module.css";

const SHOWN_MS = 2_000;

interface Props {
  readonly text: string;
  readonly language?: string | undefined;
}

/** Code as it was written, in its own lines, with a way to take it along. */
export function CodeBlock({ text, language }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <div className={styles["block"]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too */}
      <pre tabIndex={0} dir="ltr">
        <code>{text}</code>
      </pre>
      <div className={styles["blockHead"]}>
        {language !== undefined && language !== "" && <span className={styles["language"]}>{language}</span>}
        <IconButton
          size="s"
          label={copied ? t("common.copied") : t("conversation.copyCode")}
          icon={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          onClick={() => void copyText(text).then(setCopied)}
        />
      </div>
    </div>
  );
}
