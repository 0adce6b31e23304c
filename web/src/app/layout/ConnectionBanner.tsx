import { useEffect, useState } from "react";
import { t } from "@/i18n";
import { Banner, Button, Spinner } from "@/ui";
import { WifiOff } from "@/ui/icons";
import { connection, retryNow } from "../connection";
import { useWatched } from "../status/value";

/** Shorter interruptions are restored before anybody would have noticed. */
const NOTICED_MS = 2_000;

/** True once `state` has been the same for a while. */
function useLasting(state: string, active: boolean): boolean {
  const [lasting, setLasting] = useState<string>();
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLasting(state), NOTICED_MS);
    return () => {
      clearTimeout(timer);
      setLasting(undefined);
    };
  }, [state, active]);
  return active && lasting === state;
}

/** Says when the live connection is away, and that what one writes is safe. */
export function ConnectionBanner() {
  const { state } = useWatched(connection);
  const shown = useLasting(state, state === "reconnecting" || state === "starting");

  if (state === "offline") {
    return (
      <Banner
        flush
        tone="warning"
        icon={<WifiOff size={18} aria-hidden />}
        action={
          <Button size="s" variant="quiet" onClick={retryNow}>
            {t("shell.retryNow")}
          </Button>
        }
      >
        {t("shell.offline")}
      </Banner>
    );
  }
  if (!shown) return null;
  return (
    <Banner flush icon={<Spinner />}>
      {state === "starting" ? t("shell.connecting") : t("shell.reconnecting")}
    </Banner>
  );
}
