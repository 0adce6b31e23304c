import { Page } from "@/app/layout/Page";
import { to } from "@/app/router";
import { setTheme, type Theme, useTheme } from "@/app/theme";
import { t } from "@/i18n";
import { Section } from "@/ui";
import styles from "./settings.module.css";

/** The theme, shown rather than described. */
export function Appearance() {
  const theme = useTheme();
  const themes: { value: Theme; label: string }[] = [
    { value: "system", label: t("theme.system") },
    { value: "light", label: t("theme.light") },
    { value: "dark", label: t("theme.dark") },
  ];
  return (
    <Page title={t("settings.appearance")} back={to.settings()}>
      <Section title={t("theme.label")} description={t("settings.themeDetail")}>
        <fieldset className={styles["themes"]}>
          <legend className="visually-hidden">{t("theme.label")}</legend>
          {themes.map(({ value, label }) => (
            <label key={value} className={styles["theme"]}>
              <input
                type="radio"
                name="theme"
                className="visually-hidden"
                checked={theme === value}
                onChange={() => setTheme(value)}
              />
              <Preview theme={value} />
              {label}
            </label>
          ))}
        </fieldset>
      </Section>
    </Page>
  );
}

/** The app in small, in one theme whatever the page's own is. */
function Preview({ theme }: { readonly theme: Theme }) {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return (
    <span className={styles["preview"]} data-scheme={theme === "system" ? system : theme} aria-hidden>
      <span className={styles["previewSide"]} />
      <span className={styles["previewMain"]}>
        <span className={styles["bubble"]} />
        <span className={styles["bubble"]} />
        <span className={styles["bubble"]} />
      </span>
    </span>
  );
}
