import type { Message as ChatMessage } from "@ably/chat";
import type { Message } from "@/sync/model";

/** A message in an answer of `/chat/v4`. */
export interface RestMessage {
  readonly serial: string;
  readonly clientId: string;
  readonly text: string;
  readonly timestamp: number;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** The header under which an author's app finds its own message again. */
const LOCAL_ID = "loquat-id";

/** Headers are whatever their author put there. */
function localId(headers: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const id = headers?.[LOCAL_ID];
  return typeof id === "string" ? id : undefined;
}

export function fromRest({ serial, clientId, text, timestamp, headers }: RestMessage): Message {
  return { serial, author: clientId, text, sent_ms: timestamp, local_id: localId(headers) };
}

export function fromChat({ serial, clientId, text, timestamp, headers }: ChatMessage): Message {
  return { serial, author: clientId, text, sent_ms: timestamp.getTime(), local_id: localId(headers) };
}
