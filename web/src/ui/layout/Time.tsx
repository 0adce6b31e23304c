import { useEffect, useState } from "react";
import { formatAgo, formatDateTime, formatUntil } from "@/i18n";

const TICK_MS = 30_000;

/** The present, in milliseconds, renewed often enough for "5 minutes ago". */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A moment, said from where we stand: "5 minutes ago", "in 3 days"; the exact time is its title. */
export function RelativeTime({ ms }: { readonly ms: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatDateTime(ms)}>
      {ms > now ? formatUntil(ms, now) : formatAgo(ms, now)}
    </time>
  );
}
