import { useWatched } from "@/app/status/value";
import { type Key, t } from "@/i18n";
import { IconButton, Popover, SegmentedControl } from "@/ui";
import { CircleQuestionMark } from "@/ui/icons";
import styles from "./Help.module.css";
import { type EnterKey, enterKey, setEnterKey } from "./preferences";

/** What one types, and what it is called. */
const FORMS: readonly (readonly [sample: string, name: Key])[] = [
  ["**…**", "conversation.formatBold"],
  ["_…_", "conversation.formatItalic"],
  ["~~…~~", "conversation.formatStrike"],
  ["`…`", "conversation.formatCode"],
  ["```", "conversation.formatBlock"],
  ["> …", "conversation.formatQuote"],
  ["- …", "conversation.formatList"],
  ["@…", "conversation.formatMention"],
  [":…:", "conversation.formatEmoji"],
];

/** How to format, and what Enter does. */
export function Help() {
  const enter = useWatched(enterKey);
  return (
    <Popover
      side="top"
      align="start"
      label={t("conversation.help")}
      trigger={
        <IconButton
          className={styles["button"]}
          tooltip={false}
          label={t("conversation.help")}
          icon={<CircleQuestionMark size={18} aria-hidden />}
        />
      }
    >
      <div className={styles["card"]}>
        <h3 className={styles["heading"]}>{t("conversation.formatting")}</h3>
        <dl className={styles["forms"]}>
          {FORMS.map(([sample, name]) => (
            <div key={sample} className={styles["form"]}>
              <dt>
                <code dir="ltr">{sample}</code>
              </dt>
              <dd>{t(name as "conversation.formatBold")}</dd>
            </div>
          ))}
        </dl>
        <h3 className={styles["heading"]}>{t("conversation.enter")}</h3>
        <SegmentedControl<EnterKey>
          label={t("conversation.enter")}
          value={enter}
          onChange={setEnterKey}
          segments={[
            { value: "sends", label: t("conversation.enterSends") },
            { value: "newline", label: t("conversation.enterNewline") },
          ]}
        />
        <p className={styles["hint"]}>
          {t(enter === "sends" ? "conversation.enterSendsHint" : "conversation.enterNewlineHint")}
        </p>
      </div>
    </Popover>
  );
}
