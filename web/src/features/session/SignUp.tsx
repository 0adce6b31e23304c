import { useState } from "react";
import { api, call, entered, useSubmit } from "@/api";
import { Link, navigate, to, usePlace } from "@/app/router";
import { t } from "@/i18n";
import { Button, EmptyState, LoadingState } from "@/ui";
import { Lock } from "@/ui/icons";
import { AccountFields, accountBody, EMPTY_ACCOUNT } from "./AccountFields";
import { Form } from "./Form";
import { SessionPage } from "./SessionPage";
import { useServer } from "./useServer";

/** A new account, on one's own where the server is open, else by the invitation in the address's hash. */
export default function SignUp() {
  const { hash } = usePlace();
  const invitation = hash === "" ? undefined : decodeURIComponent(hash);
  const server = useServer();
  const signUp = server.data?.sign_up;
  const closed = signUp === "closed" || (signUp === "invitation" && invitation === undefined);

  if (server.isPending) return <LoadingState />;
  if (closed) return <Closed />;
  return <NewAccountForm invitation={invitation} />;
}

function NewAccountForm({ invitation }: { readonly invitation: string | undefined }) {
  const [account, setAccount] = useState(EMPTY_ACCOUNT);
  const submit = useSubmit(async () => {
    const body = { ...accountBody(account), ...(invitation === undefined ? {} : { invitation }) };
    const answer = await call(api.POST("/sign-up", { body }));
    navigate(answer.room === null ? to.home() : to.room(answer.room), { replace: true });
    entered(answer);
  });

  return (
    <SessionPage
      title={t("session.signUpTitle")}
      footer={
        <span>
          {t("session.haveAccount")}{" "}
          <Link to={invitation === undefined ? to.signIn() : `${to.signIn()}#${to.join(invitation)}`}>
            {t("session.signIn")}
          </Link>
        </span>
      }
    >
      <Form submit={submit} label={t("session.signUp")}>
        <AccountFields account={account} onChange={setAccount} errors={submit.fields} />
      </Form>
    </SessionPage>
  );
}

function Closed() {
  return (
    <SessionPage title={t("session.signUpTitle")}>
      <EmptyState
        compact
        icon={<Lock />}
        title={t("session.signUpClosed")}
        action={<Button onClick={() => navigate(to.signIn())}>{t("session.toSignIn")}</Button>}
      >
        {t("session.signUpClosedDetail")}
      </EmptyState>
    </SessionPage>
  );
}
