import { useEffect, useState } from "react";
import { t } from "@/i18n";
import { Banner, Button, Spinner } from "@/ui";
import { WifiOff } from "@/ui/icons";
import { connection, retryNow } from "../connection";
import { useWatched } from "../status/value";
import { Countdown } from "./Countdown";

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

/** Says when the live connection is away, when it is tried again, and that what one writes is safe. */
export function ConnectionBanner() {
  const { state, retry_at_ms } = useWatched(connection);
  const shown = useLasting(state, state === "reconnecting" || state === "starting");
  const countdown = retry_at_ms !== undefined && <Countdown at_ms={retry_at_ms} />;
  const now = (
    <Button size="s" variant="quiet" onClick={retryNow}>
      {t("shell.retryNow")}
    </Button>
  );

  if (state === "offline") {
    return (
      <Banner flush tone="warning" icon={<WifiOff size={18} aria-hidden />} action={now}>
        {t("shell.offline")} {countdown}
      </Banner>
    );
  }
  if (!shown) return null;
  return (
    <Banner flush icon={<Spinner />} action={retry_at_ms === undefined ? undefined : now}>
      {state === "starting" ? t("shell.connecting") : t("shell.reconnecting")} {countdown}
    </Banner>
  );
}
