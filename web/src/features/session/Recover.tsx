import { useState } from "react";
import { api, call, session, useSubmit } from "@/api";
import { Link, navigate, to, usePlace } from "@/app/router";
import { usePasswordHint } from "@/app/usePasswordHint";
import { t } from "@/i18n";
import { Banner, PasswordField, TextField, toast } from "@/ui";
import { Form } from "./Form";
import { SessionPage } from "./SessionPage";

/** A forgotten password: asking for help, and (with a code in the hash) choosing a new one. */
export default function Recover() {
  const { hash } = usePlace();
  return hash === "" ? <Ask /> : <Complete code={hash} />;
}

function Ask() {
  const [login, setLogin] = useState("");
  const [asked, setAsked] = useState(false);
  const submit = useSubmit(async () => {
    await call(api.POST("/recovery", { body: { login: login.trim() } }));
    setAsked(true);
  });
  const footer = <Link to={to.signIn()}>{t("session.toSignIn")}</Link>;

  if (asked) {
    return (
      <SessionPage title={t("session.recoverAsked")} footer={footer}>
        <Banner tone="good">{t("session.recoverAskedDetail")}</Banner>
      </SessionPage>
    );
  }
  return (
    <SessionPage title={t("session.recoverTitle")} description={t("session.recoverDetail")} footer={footer}>
      <Form submit={submit} label={t("session.recoverAsk")}>
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
      </Form>
    </SessionPage>
  );
}

function Complete({ code }: { readonly code: string }) {
  const passwordHint = usePasswordHint();
  const [password, setPassword] = useState("");
  const submit = useSubmit(async () => {
    await call(api.POST("/recovery/complete", { body: { code, password } }));
    // All sessions of the person ended with the old password, this browser's too if it had one.
    if (session.get().state !== "out") session.left({ tell: true });
    toast(t("session.recoverDone"), { tone: "good" });
    navigate(to.signIn(), { replace: true });
  });

  return (
    <SessionPage title={t("session.recoverNew")} description={t("session.recoverNewDetail")}>
      <Form submit={submit} label={t("session.recoverSave")}>
        <PasswordField
          label={t("session.newPassword")}
          hint={passwordHint}
          value={password}
          onChange={setPassword}
          error={submit.fields["password"]}
          name="new-password"
          autoComplete="new-password"
          autoFocus
          required
        />
      </Form>
    </SessionPage>
  );
}
