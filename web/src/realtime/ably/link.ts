import type { ConnectionStateChange } from "ably";
import type { Link } from "../port";

/** What a change of the client's connection means to people; undefined for what doesn't concern them. */
export function readLink(
  { current, retryIn, reason }: Pick<ConnectionStateChange, "current" | "retryIn" | "reason">,
  now_ms: number,
): Link | undefined {
  const retry_at_ms = retryIn === undefined ? undefined : now_ms + retryIn;
  switch (current) {
    case "initialized":
    case "connecting":
      return { state: "connecting" };
    case "connected":
      return { state: "connected" };
    case "disconnected":
      return { state: "lost", long: false, retry_at_ms };
    case "suspended":
      return { state: "lost", long: true, retry_at_ms };
    case "failed":
      return { state: "failed", detail: reason?.message ?? "" };
    default:
      return undefined;
  }
}
