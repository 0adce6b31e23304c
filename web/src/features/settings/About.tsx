import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api";
import { Page } from "@/app/layout/Page";
import { to } from "@/app/router";
import { t } from "@/i18n";
import { Section } from "@/ui";

/** What runs here, and what it is made of. */
export function About() {
  const server = useQuery({ queryKey: ["server"], queryFn: () => call(api.GET("/server")) });
  return (
    <Page title={t("settings.about")} back={to.settings()}>
      <Section
        title={t("settings.product")}
        description={server.data && t("settings.version", { version: server.data.version })}
      >
        <p>{t("settings.licences")}</p>
        <p>
          <a href="/licences.txt" target="_blank" rel="noopener">
            {t("settings.licencesLink")}
          </a>
        </p>
      </Section>
    </Page>
  );
}
