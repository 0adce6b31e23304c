import { useState } from "react";
import { api, call, session, useMe, useSubmit } from "@/api";
import { Page } from "@/app/layout/Page";
import { to } from "@/app/router";
import { t, Written } from "@/i18n";
import { Avatar, Banner, Button, TextField, toast } from "@/ui";
import styles from "./settings.module.css";
import { ZoneField } from "./ZoneField";

/** Name, handle, e-mail address and time zone. */
export function Profile() {
  const me = useMe();
  const [name, setName] = useState(me.name);
  const [handle, setHandle] = useState(me.handle);
  const [email, setEmail] = useState(me.email ?? "");
  const [zone, setZone] = useState(me.time_zone);

  const wanted = {
    name: name.trim(),
    handle: handle.trim().toLowerCase(),
    email: email.trim() === "" ? null : email.trim(),
    time_zone: zone,
  };
  const changed = {
    ...(wanted.name === me.name ? {} : { name: wanted.name }),
    ...(wanted.handle === me.handle ? {} : { handle: wanted.handle }),
    ...(wanted.email === me.email ? {} : { email: wanted.email }),
    ...(wanted.time_zone === me.time_zone ? {} : { time_zone: wanted.time_zone }),
  };
  const submit = useSubmit(async () => {
    session.changed(await call(api.PATCH("/me", { body: changed })));
    toast(t("common.saved"), { tone: "good" });
  });

  return (
    <Page title={t("settings.profile")} back={to.settings()}>
      <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
        <div className={styles["who"]}>
          <Avatar id={me.id} name={wanted.name || me.name} size="xl" />
          <div className={styles["whoWords"]}>
            <Written className={styles["whoName"]}>{wanted.name || me.name}</Written>
            <span className={styles["soft"]}>@{wanted.handle || me.handle}</span>
          </div>
        </div>
        {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
        <TextField
          label={t("session.name")}
          value={name}
          onChange={setName}
          error={submit.fields["name"]}
          autoComplete="name"
          dir="auto"
          maxLength={80}
        />
        <TextField
          label={t("session.handle")}
          hint={t("settings.handleHint")}
          value={handle}
          onChange={setHandle}
          error={submit.fields["handle"]}
          leading="@"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
        />
        <TextField
          label={t("session.email")}
          optional
          hint={t("session.emailHint")}
          value={email}
          onChange={setEmail}
          error={submit.fields["email"]}
          type="email"
          autoComplete="email"
        />
        <ZoneField zone={zone} error={submit.fields["time_zone"]} onChange={setZone} />
        <div className={styles["buttons"]}>
          <Button
            type="submit"
            variant="primary"
            busy={submit.busy}
            disabled={Object.keys(changed).length === 0}
          >
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Page>
  );
}
