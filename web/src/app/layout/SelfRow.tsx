import { explain, signOut, useMe } from "@/api";
import { t, Written } from "@/i18n";
import { Avatar, Menu, MenuChoice, MenuItem, MenuSeparator, toast } from "@/ui";
import { Ellipsis, Gauge, LogOut, Settings } from "@/ui/icons";
import { navigate, to } from "../router";
import { setTheme, type Theme, useTheme } from "../theme";
import styles from "./SelfRow.module.css";

/** Oneself, at the foot of the sidebar: who one is, and the ways to settings, administration and out. */
export function SelfRow() {
  const me = useMe();
  const theme = useTheme();
  const themes: { value: Theme; label: string }[] = [
    { value: "system", label: t("theme.system") },
    { value: "light", label: t("theme.light") },
    { value: "dark", label: t("theme.dark") },
  ];

  return (
    <div className={styles["foot"]}>
      <Menu
        align="start"
        side="top"
        trigger={
          <button type="button" className={styles["row"]}>
            <Avatar id={me.id} name={me.name} />
            <span className={styles["words"]}>
              <Written className={styles["name"]}>{me.name}</Written>
              <span className={styles["handle"]}>@{me.handle}</span>
            </span>
            <span className="visually-hidden">{t("shell.yourMenu")}</span>
            <Ellipsis size={18} aria-hidden className={styles["more"]} />
          </button>
        }
      >
        <MenuItem icon={<Settings size={16} aria-hidden />} onSelect={() => navigate(to.settings())}>
          {t("shell.settings")}
        </MenuItem>
        {me.role === "administrator" && (
          <MenuItem icon={<Gauge size={16} aria-hidden />} onSelect={() => navigate(to.admin())}>
            {t("shell.admin")}
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuChoice label={t("theme.label")} value={theme} options={themes} onChange={setTheme} />
        <MenuSeparator />
        <MenuItem icon={<LogOut size={16} aria-hidden />} onSelect={leave}>
          {t("shell.signOut")}
        </MenuItem>
      </Menu>
    </div>
  );
}

function leave(): void {
  // From here, so that the next person doesn't begin where this one stopped.
  navigate(to.home());
  signOut().catch((error: unknown) => toast(explain(error), { tone: "danger" }));
}
