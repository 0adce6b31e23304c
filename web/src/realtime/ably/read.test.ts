import type { ConnectionStateChange } from "ably";
import { describe, expect, it } from "vitest";
import { describe as describeConnection } from "../live/connection-report";
import { readLink } from "./link";
import { fromRest } from "./message";

const change = (current: string, retryIn?: number) =>
  ({ current, ...(retryIn === undefined ? {} : { retryIn }) }) as unknown as ConnectionStateChange;

describe("the client's connection", () => {
  it("is said with the moment of the next attempt", () => {
    expect(readLink(change("connected"), 0)).toEqual({ state: "connected" });
    expect(readLink(change("disconnected", 3_000), 1_000)).toEqual({
      state: "lost",
      long: false,
      retry_at_ms: 4_000,
    });
    expect(readLink(change("suspended", 15_000), 0)).toMatchObject({ state: "lost", long: true });
    expect(readLink(change("failed"), 0)).toMatchObject({ state: "failed" });
    expect(readLink(change("closing"), 0)).toBeUndefined();
  });

  it("is shown as what it means to people", () => {
    expect(describeConnection({ state: "connecting" }, false, true)).toEqual({ state: "starting" });
    expect(describeConnection({ state: "connecting" }, true, true)).toEqual({ state: "reconnecting" });
    expect(describeConnection({ state: "connected" }, true, true)).toEqual({ state: "live" });
    expect(describeConnection({ state: "connected" }, true, false)).toEqual({ state: "offline" });
    expect(describeConnection({ state: "lost", long: false, retry_at_ms: 5 }, true, true)).toEqual({
      state: "reconnecting",
      retry_at_ms: 5,
    });
    expect(describeConnection({ state: "lost", long: true }, true, true)).toEqual({ state: "unreachable" });
    expect(describeConnection({ state: "failed", detail: "" }, true, true)).toEqual({ state: "unreachable" });
  });
});

describe("a message of the chat API", () => {
  it("carries its author's own id only if that is a text", () => {
    const message = { serial: "1", clientId: "p_a", text: "x", timestamp: 5 };
    expect(fromRest({ ...message, headers: { "loquat-id": "k" } }).local_id).toBe("k");
    expect(fromRest({ ...message, headers: { "loquat-id": 5 } }).local_id).toBeUndefined();
    expect(fromRest(message)).toMatchObject({ author: "p_a", sent_ms: 5 });
  });
});
