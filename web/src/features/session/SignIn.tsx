import { useState } from "react";
import { signIn, useSubmit } from "@/api";
import { Link, to } from "@/app/router";
import { t } from "@/i18n";
import { Banner, PasswordField, TextField } from "@/ui";
import { Form } from "./Form";
import { SessionPage } from "./SessionPage";
import { useServer } from "./useServer";

/** Where a session begins. Once there is one, the router goes on to where the visitor was going. */
export default function SignIn() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const server = useServer();
  const submit = useSubmit(() => signIn(login.trim(), password));

  return (
    <SessionPage
      title={t("session.signInTitle")}
      footer={
        <>
          <Link to={to.recover()}>{t("session.forgot")}</Link>
          {server.data?.sign_up === "open" && (
            <span>
              {t("session.noAccount")} <Link to={to.signUp()}>{t("session.signUp")}</Link>
            </span>
          )}
          {server.data?.sign_up === "invitation" && <span>{t("session.needInvitation")}</span>}
        </>
      }
    >
      {server.data?.needs_setup === true && (
        <Banner tone="warning" title={t("session.needsSetup")}>
          {t("session.needsSetupDetail")}
        </Banner>
      )}
      <Form submit={submit} label={t("session.signIn")}>
        <TextField
          label={t("session.login")}
          value={login}
          onChange={setLogin}
          error={submit.fields["login"]}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
        />
        <PasswordField
          label={t("session.password")}
          value={password}
          onChange={setPassword}
          error={submit.fields["password"]}
          name="password"
          autoComplete="current-password"
          required
        />
      </Form>
    </SessionPage>
  );
}
