import { type ComponentProps, useState } from "react";
import { t } from "@/i18n";
import { Eye, EyeOff } from "../icons";
import { IconButton } from "./IconButton";
import { TextField } from "./TextField";

type Props = Omit<ComponentProps<typeof TextField>, "type" | "trailing">;

/** A password, hidden until asked for. */
export function PasswordField(props: Props) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
      autoCapitalize="none"
      spellCheck={false}
      trailing={
        <IconButton
          label={shown ? t("common.hidePassword") : t("common.showPassword")}
          aria-pressed={shown}
          icon={shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
