/** The outbox's view of the server: one message sent, one message looked for. */
import { ApiError, api, call, isTransient, OfflineError, SignedOutError, withKey } from "@/api";
import type { Serial } from "@/sync/model";
import type { OutboxEntry } from "@/sync/outbox/entry";
import type { LookResult, OutboxServer, SendResult } from "@/sync/outbox/ports";
import type { Realtime } from "../port";

/** How far history is searched for a message that may have arrived. */
const LOOK_PAGE = 100;
const LOOK_PAGES_MAX = 20;

export function outboxServer(realtime: () => Promise<Realtime>): OutboxServer {
  return {
    async send(entry) {
      try {
        return await post(entry);
      } catch (error) {
        return readFailure(error);
      }
    },
    async look(entry) {
      try {
        return await search(await realtime(), entry);
      } catch (error) {
        return error instanceof SignedOutError
          ? { kind: "session_ended" }
          : { kind: "later", reached: !(error instanceof OfflineError) };
      }
    },
  };
}

async function post(entry: OutboxEntry): Promise<SendResult> {
  const stored = await call(
    api.POST("/rooms/{room}/messages", {
      params: { path: { room: entry.room }, header: withKey(entry.id) },
      body: { text: entry.text },
    }),
  );
  return { kind: "stored", serial: stored.serial, sent_ms: stored.created_ms, text: stored.text };
}

function readFailure(error: unknown): SendResult {
  if (error instanceof SignedOutError) return { kind: "session_ended" };
  if (error instanceof ApiError && error.status === 401) return { kind: "session_ended" };
  if (error instanceof ApiError && !isTransient(error)) return { kind: "refused", detail: error.message };
  const after_ms = error instanceof ApiError ? error.retry_after_ms : undefined;
  return { kind: "later", after_ms, reached: error instanceof ApiError };
}

/** Everything known before the first attempt is older than a stored copy: there the search may end. */
async function search(realtime: Realtime, entry: OutboxEntry): Promise<LookResult> {
  let before: Serial | undefined;
  for (let pages = 0; pages < LOOK_PAGES_MAX; pages += 1) {
    const { items, start_reached } = await realtime.history(entry.room, before, LOOK_PAGE);
    const message = items.find((m) => m.author === entry.author && m.local_id === entry.id);
    if (message !== undefined) return { kind: "found", message };
    const oldest = items.reduce<Serial | undefined>(
      (a, m) => (a === undefined || m.serial < a ? m.serial : a),
      undefined,
    );
    const passed = oldest !== undefined && entry.after_serial !== undefined && oldest <= entry.after_serial;
    if (start_reached || passed) return { kind: "absent" };
    if (oldest === undefined || oldest === before) return { kind: "unknown" };
    before = oldest;
  }
  return { kind: "unknown" };
}
