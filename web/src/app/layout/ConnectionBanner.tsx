import { useEffect, useState } from "react";
import { t } from "@/i18n";
import { Banner, Button, Spinner } from "@/ui";
import { WifiOff } from "@/ui/icons";
import { connection, isLongAway, retryNow } from "../connection";
import { useWatched } from "../status/value";
import { Countdown } from "./Countdown";

/**
 * Shorter interruptions are restored before anybody would have noticed. Opening takes longer on small devices, shows
 * what it waits for by itself, and would be moved by a banner that comes and goes.
 */
const NOTICED_MS = { reconnecting: 2_000, starting: 8_000 } as const;

/** True once `state` has been the same for so long. */
function useLasting(state: string, lasting_ms: number | undefined): boolean {
  const [lasting, setLasting] = useState<string>();
  useEffect(() => {
    if (lasting_ms === undefined) return;
    const timer = setTimeout(() => setLasting(state), lasting_ms);
    return () => {
      clearTimeout(timer);
      setLasting(undefined);
    };
  }, [state, lasting_ms]);
  return lasting_ms !== undefined && lasting === state;
}

/** Says when the live connection is away, when it is tried again, and that what one writes is safe. */
export function ConnectionBanner() {
  const current = useWatched(connection);
  const { state, retry_at_ms } = current;
  const noticed_ms = state === "reconnecting" || state === "starting" ? NOTICED_MS[state] : undefined;
  const shown = useLasting(state, noticed_ms);
  const countdown = retry_at_ms !== undefined && <Countdown at_ms={retry_at_ms} />;
  const now = (
    <Button size="s" variant="quiet" onClick={retryNow}>
      {t("shell.retryNow")}
    </Button>
  );

  if (isLongAway(current)) {
    return (
      <Banner flush tone="warning" icon={<WifiOff size={18} aria-hidden />} action={now}>
        {t(state === "offline" ? "shell.offline" : "shell.away")} {countdown}
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
