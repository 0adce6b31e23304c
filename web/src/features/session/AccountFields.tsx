import { usePasswordHint } from "@/app/usePasswordHint";
import { t } from "@/i18n";
import { PasswordField, TextField } from "@/ui";

/** What a new account is made of. */
export interface NewAccount {
  readonly name: string;
  readonly handle: string;
  readonly email: string;
  readonly password: string;
}

export const EMPTY_ACCOUNT: NewAccount = { name: "", handle: "", email: "", password: "" };

/** The account as the API takes it. */
export function accountBody(account: NewAccount) {
  const email = account.email.trim();
  return {
    name: account.name.trim(),
    handle: account.handle.trim().toLowerCase(),
    password: account.password,
    ...(email === "" ? {} : { email }),
  };
}

/** A handle that suits a name, for who hasn't chosen one yet: "Zoë Müller" becomes "zoe.muller". */
export function suggestHandle(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ".")
    .slice(0, 32)
    .replace(/^\.+|\.+$/g, "");
}

interface Props {
  readonly account: NewAccount;
  readonly onChange: (account: NewAccount) => void;
  readonly errors: Readonly<Record<string, string>>;
}

/** The fields for a new account. The handle follows the name until it is changed by hand. */
export function AccountFields({ account, onChange, errors }: Props) {
  const passwordHint = usePasswordHint();
  const followed = account.handle === suggestHandle(account.name);
  return (
    <>
      <TextField
        label={t("session.name")}
        value={account.name}
        onChange={(name) =>
          onChange({ ...account, name, handle: followed ? suggestHandle(name) : account.handle })
        }
        error={errors["name"]}
        name="name"
        autoComplete="name"
        dir="auto"
        maxLength={80}
        autoFocus
        required
      />
      <TextField
        label={t("session.handle")}
        hint={t("session.handleHint")}
        value={account.handle}
        onChange={(handle) => onChange({ ...account, handle })}
        error={errors["handle"]}
        leading="@"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={32}
        required
      />
      <TextField
        label={t("session.email")}
        optional
        hint={t("session.emailHint")}
        value={account.email}
        onChange={(email) => onChange({ ...account, email })}
        error={errors["email"]}
        type="email"
        name="email"
        autoComplete="email"
      />
      <PasswordField
        label={t("session.password")}
        hint={passwordHint}
        value={account.password}
        onChange={(password) => onChange({ ...account, password })}
        error={errors["password"]}
        name="new-password"
        autoComplete="new-password"
        required
      />
    </>
  );
}
