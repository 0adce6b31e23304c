import { watched } from "./status/value";

/**
 * How the live connection is.
 *
 * `starting`: not yet connected since the page opened · `live` · `reconnecting`: lost a moment ago, being
 * restored · `offline`: the device has no network · `unreachable`: it has one, but the server has been away for a while.
 */
export interface Connection {
  readonly state: "starting" | "live" | "reconnecting" | "offline" | "unreachable";
  /** When the next attempt is due, if one is planned. */
  readonly retry_at_ms?: number;
}

/** The live connection as the realtime client reports it; the shell shows it. */
export const connection = watched<Connection>(
  { state: "starting" },
  (a, b) => a.state === b.state && a.retry_at_ms === b.retry_at_ms,
);

/** Whether there was a connection, or should be one by now, and there is none. */
export function isAway({ state }: Connection): boolean {
  return state !== "starting" && state !== "live";
}

/** Whether it is gone for longer than a moment. */
export function isLongAway({ state }: Connection): boolean {
  return state === "offline" || state === "unreachable";
}

let retry: () => void = () => undefined;

/** Says what "try now" does; the realtime client sets it. */
export function onRetryNow(run: () => void): void {
  retry = run;
}

/** Tries to connect at once. */
export function retryNow(): void {
  retry();
}
