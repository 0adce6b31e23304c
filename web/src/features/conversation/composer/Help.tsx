import { useWatched } from "@/app/status/value";
import { t } from "@/i18n";
import { IconButton, Popover, SegmentedControl } from "@/ui";
import { CircleQuestionMark } from "@/ui/icons";
import styles from "./Help.module.css";
import { type EnterKey, enterKey, setEnterKey } from "./preferences";

/** Each form by an example of itself. */
function samples(): string[] {
  const [bold, italic, strike] = [
    t("conversation.formatBold"),
    t("conversation.formatItalic"),
    t("conversation.formatStrike"),
  ];
  const [code, quote, list] = [
    t("conversation.formatCode"),
    t("conversation.formatQuote"),
    t("conversation.formatList"),
  ];
  const [mention, emoji] = [t("conversation.formatMention"), t("conversation.formatEmoji")];
  const fence = "```";
  return [
    `**${bold}**`,
    `_${italic}_`,
    `~~${strike}~~`,
    `\`${code}\``,
    `> ${quote}`,
    `- ${list}`,
    `@${mention}`,
    `:${emoji}:`,
    `${fence} ${code} ${fence}`,
  ];
}

/** Who has no key to hold has the button. */
function newlineHint() {
  return matchMedia("(hover: hover)").matches
    ? "conversation.enterNewlineHint"
    : "conversation.enterNewlineTouch";
}

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
        <p className={styles["heading"]}>{t("conversation.formatting")}</p>
        <ul className={styles["forms"]}>
          {samples().map((sample) => (
            <li key={sample}>
              <code dir="ltr">{sample}</code>
            </li>
          ))}
        </ul>
        <p className={styles["heading"]}>{t("conversation.enter")}</p>
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
          {t(enter === "sends" ? "conversation.enterSendsHint" : newlineHint())}
        </p>
      </div>
    </Popover>
  );
}
