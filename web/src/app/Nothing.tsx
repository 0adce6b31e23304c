import { useMe } from "@/api";
import { openRooms } from "@/features/rooms";
import { rich, t, Written } from "@/i18n";
import { useRooms } from "@/realtime";
import { Button, EmptyState, Logo } from "@/ui";
import { MessagesSquare, Plus, Search, UserPlus } from "@/ui/icons";
import styles from "./Nothing.module.css";
import { navigate, to } from "./router";
import { useTitle } from "./title";

/** The pane of the conversation while none is open: a hint, or on a first visit the first steps. */
export function Nothing() {
  useTitle("");
  const { loaded, listings } = useRooms();
  if (loaded && listings.size === 0) return <Welcome />;
  return (
    <EmptyState icon={<MessagesSquare />} title={t("shell.home")}>
      {t("shell.homeDetail")}
    </EmptyState>
  );
}

function Welcome() {
  const me = useMe();
  const administrator = me.role === "administrator";
  return (
    <div className={styles["welcome"]}>
      <Logo size={56} />
      <h2 className={styles["title"]}>{rich("shell.welcome", { name: <Written>{me.name}</Written> })}</h2>
      <p className={styles["text"]}>{administrator ? t("shell.welcomeFirst") : t("shell.welcomeDetail")}</p>
      <div className={styles["actions"]}>
        <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => openRooms("create")}>
          {t("shell.welcomeCreate")}
        </Button>
        {administrator ? (
          <Button icon={<UserPlus size={16} aria-hidden />} onClick={() => navigate(to.admin("invitations"))}>
            {t("shell.welcomeInvite")}
          </Button>
        ) : (
          <Button icon={<Search size={16} aria-hidden />} onClick={() => openRooms("browse")}>
            {t("shell.welcomeBrowse")}
          </Button>
        )}
      </div>
    </div>
  );
}
