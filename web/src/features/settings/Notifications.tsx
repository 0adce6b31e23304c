import { Page } from "@/app/layout/Page";
import {
  askPermission,
  type NotifyAbout,
  setNotify,
  useNotifySettings,
  usePermission,
} from "@/app/notifications";
import { to } from "@/app/router";
import { t } from "@/i18n";
import { Banner, Section, SegmentedControl, Switch } from "@/ui";

/** What this browser tells while the app is open in a tab that nobody looks at. */
export function Notifications() {
  const { about, sound } = useNotifySettings();
  const permission = usePermission();

  async function choose(next: NotifyAbout) {
    setNotify({ about: next });
    if (next !== "nothing") await askPermission();
  }

  return (
    <Page title={t("settings.notifications")} back={to.settings()}>
      <Section title={t("settings.notifyTitle")} description={t("settings.notifyDetail")}>
        <div>
          <SegmentedControl<NotifyAbout>
            label={t("settings.notifyTitle")}
            value={about}
            onChange={(next) => void choose(next)}
            segments={[
              { value: "everything", label: t("settings.notifyEverything") },
              { value: "mentions", label: t("settings.notifyMentions") },
              { value: "nothing", label: t("settings.notifyNothing") },
            ]}
          />
        </div>
        {about !== "nothing" && permission === "denied" && (
          <Banner tone="warning">{t("settings.notifyDenied")}</Banner>
        )}
        {about !== "nothing" && permission === "unsupported" && (
          <Banner tone="warning">{t("settings.notifyUnsupported")}</Banner>
        )}
        <Switch
          label={t("settings.notifySound")}
          checked={sound}
          disabled={about === "nothing"}
          onChange={(next) => setNotify({ sound: next })}
        />
      </Section>
    </Page>
  );
}
