import { t } from "@/i18n";
import { Button, EmptyState } from "@/ui";
import { Search } from "@/ui/icons";
import { navigate, to } from "./router";
import { useTitle } from "./title";

export function NotFound() {
  useTitle(t("shell.notFound"));
  return (
    <EmptyState
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
  );
}
