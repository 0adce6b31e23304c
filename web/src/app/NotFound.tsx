import { t } from "@/i18n";
import { Button, EmptyState } from "@/ui";
import { Search } from "@/ui/icons";
import styles from "./NotFound.module.css";
import { navigate, to } from "./router";
import { useTitle } from "./title";

export function NotFound() {
  useTitle(t("shell.notFound"));
  return (
    <main className={styles["whole"]}>
      <EmptyState
        level={1}
        icon={<Search />}
        title={t("shell.notFound")}
        action={
          <Button variant="primary" onClick={() => navigate(to.home())}>
            {t("shell.notFoundHome")}
          </Button>
        }
      >
        {t("shell.notFoundDetail")}
      </EmptyState>
    </main>
  );
}
