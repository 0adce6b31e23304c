import { useQuery } from "@tanstack/react-query";
import { api, call, type Server } from "@/api";
import { t } from "@/i18n";

/** What servers ask for that don't say it. */
const BYTES_MIN = 10;

/** How long a password must be here. So many characters are always enough: none is less than a byte. */
export function usePasswordHint(): string {
  const server = useQuery({ queryKey: ["server"], queryFn: () => call(api.GET("/server")) });
  const { password_bytes_min }: Partial<Server> = server.data ?? {};
  return t("session.passwordHint", { count: password_bytes_min ?? BYTES_MIN });
}
