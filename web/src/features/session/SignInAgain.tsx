import { useEffect, useState } from "react";
import { type Me, openSession, session, signIn, useSession, useSubmit } from "@/api";
import { t, Written } from "@/i18n";
import { Avatar, Button, Dialog, PasswordField } from "@/ui";
import { Form } from "./Form";
import styles from "./SignInAgain.module.css";

/**
 * The session ended in the middle of something. The page stays as it is below the dialog, and whatever was
 * on its way to the server goes on once the same person is back.
 */
export function SignInAgain() {
  const current = useSession();
  if (current.state !== "ended") return null;
  return <Again me={current.me} />;
}

function Again({ me }: { readonly me: Me }) {
  const [password, setPassword] = useState("");
  const submit = useSubmit(() => signIn(me.handle, password));

  // Another tab or window may have signed in meanwhile.
  useEffect(() => {
    const look = () => void openSession().catch(() => undefined);
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, []);

  return (
    <Dialog open size="s" title={t("session.endedTitle")} description={t("session.endedDetail")}>
      <div className={styles["person"]}>
        <Avatar id={me.id} name={me.name} size="l" />
        <span className={styles["words"]}>
          <Written className={styles["name"]}>{me.name}</Written>
          <span className={styles["handle"]}>@{me.handle}</span>
        </span>
      </div>
      <Form submit={submit} label={t("session.endedGoOn")}>
        {/* Password managers look for the name beside the password. */}
        <input type="text" name="username" autoComplete="username" value={me.handle} readOnly hidden />
        <PasswordField
          label={t("session.password")}
          value={password}
          onChange={setPassword}
          error={submit.fields["password"]}
          name="password"
          autoComplete="current-password"
          autoFocus
          required
        />
      </Form>
      <Button variant="quiet" wide onClick={() => session.left({ tell: true })}>
        {t("session.endedOther")}
      </Button>
    </Dialog>
  );
}
