import { afterEach, describe, expect, it, vi } from "vitest";
import type { Message } from "@/sync/model";
import { appended } from "@/sync/outbox/entry";
import type { Realtime } from "../port";
import { outboxServer } from "./outbox-server";

const entry = {
  ...appended({ id: "k1", room: "r_1", author: "p_me", text: "hi", written_ms: 0, after_serial: "010" }, 1),
};

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetcher = vi.fn((_: Request) =>
    Promise.resolve(
      new Response(JSON.stringify(body), {
        status,
        headers: { "content-type": "application/json", ...headers },
      }),
    ),
  );
  vi.stubGlobal("fetch", fetcher);
  return fetcher;
}

const none = () => Promise.reject<Realtime>(new Error("no client"));

describe("sending", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("sends the entry's id as the key that keeps it from being stored twice", async () => {
    const fetcher = answer(201, { serial: "011", room: "r_1", text: "hi", created_ms: 7 });
    expect(await outboxServer(none).send(entry)).toEqual({
      kind: "stored",
      serial: "011",
      sent_ms: 7,
      text: "hi",
    });
    const request = fetcher.mock.calls[0]?.[0];
    expect(request?.headers.get("Idempotency-Key")).toBe("k1");
  });

  it("tells refusals from what may pass", async () => {
    answer(403, { code: 41040, detail: "you may not write here" });
    expect(await outboxServer(none).send(entry)).toEqual({
      kind: "refused",
      detail: "you may not write here",
    });
    answer(503, {}, { "retry-after": "4" });
    expect(await outboxServer(none).send(entry)).toEqual({ kind: "later", after_ms: 4_000, reached: true });
    answer(429, { code: 41051 });
    expect(await outboxServer(none).send(entry)).toMatchObject({ kind: "later", reached: true });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    expect(await outboxServer(none).send(entry)).toMatchObject({ kind: "later", reached: false });
  });
});

describe("looking for a message that may have arrived", () => {
  const message = (serial: string, author = "p_me", local_id?: string): Message => ({
    serial,
    author,
    text: "hi",
    sent_ms: 1,
    local_id,
  });
  const client = (pages: readonly (readonly Message[])[]): (() => Promise<Realtime>) => {
    let page = 0;
    const history = () => {
      const items = pages[page] ?? [];
      page += 1;
      return Promise.resolve({ items, start_reached: page >= pages.length });
    };
    return () => Promise.resolve({ history } as unknown as Realtime);
  };

  it("finds it by its id, if it is by the same author", async () => {
    const found = message("012", "p_me", "k1");
    expect(await outboxServer(client([[message("013"), found]])).look(entry)).toEqual({
      kind: "found",
      message: found,
    });
    expect(await outboxServer(client([[message("012", "p_other", "k1")]])).look(entry)).toEqual({
      kind: "absent",
    });
  });

  it("goes back as far as it could be, and no further", async () => {
    const pages = [[message("020")], [message("011"), message("010")], [message("001", "p_me", "k1")]];
    expect(await outboxServer(client(pages)).look(entry)).toEqual({ kind: "absent" });
  });

  it("says so when it can't tell", async () => {
    const endless = Array.from({ length: 100 }, (_, i) => [message(String(900 - i))]);
    expect(await outboxServer(client(endless)).look(entry)).toEqual({ kind: "unknown" });
    expect(await outboxServer(none).look(entry)).toMatchObject({ kind: "later" });
  });
});
