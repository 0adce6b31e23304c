import { useState } from "react";
import { ApiError, api, Code, call, explain, useMe, useSubmit } from "@/api";
import { Page } from "@/app/layout/Page";
import { to } from "@/app/router";
import { usePasswordHint } from "@/app/usePasswordHint";
import { t } from "@/i18n";
import { Banner, Button, PasswordField, Section, toast } from "@/ui";
import styles from "./settings.module.css";

/** The password. */
export function Account() {
  const me = useMe();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [wrong, setWrong] = useState<string>();
  const submit = useSubmit(async () => {
    setWrong(undefined);
    try {
      await call(api.PUT("/me/password", { body: { current, new: wanted } }));
    } catch (error) {
      if (!(error instanceof ApiError && error.code === Code.WrongPassword)) throw error;
      return setWrong(explain(error));
    }
    setCurrent("");
    setWanted("");
    toast(t("settings.passwordChanged"), { tone: "good" });
  });

  const passwordHint = usePasswordHint();
  return (
    <Page title={t("settings.account")} back={to.settings()}>
      <Section title={t("session.password")} description={t("settings.passwordDetail")}>
        <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
          {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
          {/* Password managers look for the name beside the password. */}
          <input type="text" name="username" autoComplete="username" value={me.handle} readOnly hidden />
          <PasswordField
            label={t("settings.passwordCurrent")}
            value={current}
            onChange={setCurrent}
            error={wrong ?? submit.fields["current"]}
            name="password"
            autoComplete="current-password"
          />
          <PasswordField
            label={t("session.newPassword")}
            hint={passwordHint}
            value={wanted}
            onChange={setWanted}
            error={submit.fields["new"] ?? submit.fields["password"]}
            name="new-password"
            autoComplete="new-password"
          />
          <div className={styles["buttons"]}>
            <Button
              type="submit"
              variant="primary"
              busy={submit.busy}
              disabled={current === "" || wanted === ""}
            >
              {t("settings.passwordChange")}
            </Button>
          </div>
        </form>
      </Section>
    </Page>
  );
}
