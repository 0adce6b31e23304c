import { useState } from "react";
import { api, call, entered, useSubmit } from "@/api";
import { Link, navigate, to, usePlace } from "@/app/router";
import { t } from "@/i18n";
import { Banner, LoadingState, TextField } from "@/ui";
import { AccountFields, accountBody, EMPTY_ACCOUNT } from "./AccountFields";
import { Form } from "./Form";
import { SessionPage } from "./SessionPage";
import { useServer } from "./useServer";

/** The first account of a new server, by the code that the server printed at its start. */
export default function SetUp() {
  const { hash } = usePlace();
  const server = useServer();
  const [code, setCode] = useState(hash);
  const [account, setAccount] = useState(EMPTY_ACCOUNT);
  const submit = useSubmit(async () => {
    const answer = await call(api.POST("/setup", { body: { code: code.trim(), ...accountBody(account) } }));
    navigate(to.home(), { replace: true });
    entered(answer);
  });

  if (server.isPending) return <LoadingState />;
  if (server.data?.needs_setup === false) {
    return (
      <SessionPage
        title={t("session.setUpDone")}
        footer={<Link to={to.signIn()}>{t("session.toSignIn")}</Link>}
      >
        <Banner tone="info">{t("session.setUpDoneDetail")}</Banner>
      </SessionPage>
    );
  }
  return (
    <SessionPage title={t("session.setUpTitle")} description={t("session.setUpDetail")}>
      <Form submit={submit} label={t("session.setUp")}>
        {hash === "" && (
          <TextField
            label={t("session.setUpCode")}
            hint={t("session.setUpCodeHint")}
            value={code}
            onChange={setCode}
            error={submit.fields["code"]}
            autoComplete="off"
            spellCheck={false}
            required
          />
        )}
        <AccountFields account={account} onChange={setAccount} errors={submit.fields} />
      </Form>
    </SessionPage>
  );
}
