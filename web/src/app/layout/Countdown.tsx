import { useEffect, useState } from "react";
import { t } from "@/i18n";

const SECOND_MS = 1000;

function secondsUntil(at_ms: number): number {
  return Math.ceil((at_ms - Date.now()) / SECOND_MS);
}

/** When the next attempt to connect is due. Only to be seen: a screen reader isn't interrupted every second. */
export function Countdown({ at_ms }: { readonly at_ms: number }) {
  const [seconds, setSeconds] = useState(() => secondsUntil(at_ms));
  useEffect(() => {
    const tick = () => setSeconds(secondsUntil(at_ms));
    tick();
    const timer = setInterval(tick, SECOND_MS);
    return () => clearInterval(timer);
  }, [at_ms]);
  if (seconds <= 0) return null;
  return <span aria-hidden>{t("shell.retryIn", { count: seconds })}</span>;
}
