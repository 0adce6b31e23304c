import { ChatClient, LogLevel } from "@ably/chat";
import type { Realtime as AblyRealtime, InboundMessage, TokenDetails } from "ably";
import { BaseRealtime, FetchRequest, RealtimePresence, Rest, WebSocketTransport } from "ably/modular";
import { api, call } from "@/api";
import type { PersonalEvent, PersonId } from "@/sync/model";
import type { Page, Realtime, RealtimeListener } from "../port";
import { readLink } from "./link";
import { fromRest, type RestMessage } from "./message";
import { openRoom } from "./room";

/** The version of the chat REST API that is asked for. */
const CHAT_VERSION = 4;
/** First waits after a lost connection; the client grows and scatters them by itself. */
const RETRY_MS = 3_000;
const RETRY_LONG_MS = 15_000;

function makeClient(): BaseRealtime {
  const secure = location.protocol === "https:";
  const port = Number(location.port) || (secure ? 443 : 80);
  return new BaseRealtime({
    plugins: { WebSocketTransport, FetchRequest, Rest, RealtimePresence },
    // Not `endpoint`: a host's name without a dot would be taken for one of the vendor's regions.
    restHost: location.hostname,
    realtimeHost: location.hostname,
    fallbackHosts: [],
    tls: secure,
    port,
    tlsPort: port,
    // Nothing outside of this server is asked whether there is a network.
    disableConnectivityCheck: true,
    wsConnectivityCheckUrl: `${secure ? "wss" : "ws"}://${location.host}`,
    useBinaryProtocol: false,
    autoConnect: false,
    disconnectedRetryTimeout: RETRY_MS,
    suspendedRetryTimeout: RETRY_LONG_MS,
    logLevel: 0,
    authCallback: (_params, done) => {
      call(api.POST("/me/realtime-token")).then(
        (token) => done(null, token as unknown as TokenDetails),
        (error: unknown) => done(error instanceof Error ? error.message : String(error), null),
      );
    },
  });
}

/** Connects to this page's own server with the official client. */
export function startRealtime(me: PersonId, listener: RealtimeListener): Realtime {
  const client = makeClient();
  const chat = new ChatClient(client as unknown as AblyRealtime, { logLevel: LogLevel.Silent });
  client.connection.on((change) => {
    const link = readLink(change, Date.now());
    if (link !== undefined) listener.link(link);
  });
  const own = client.channels.get(`$me:${me}`);
  own.on(["attached", "update"], () => listener.attached());
  const hear = (message: InboundMessage) => {
    const event = readPersonal(message);
    if (event !== undefined) listener.personal(event);
  };
  // The channel attaches whenever it can. That this first try failed is nobody's news.
  own.subscribe(hear).catch(() => undefined);
  client.connect();
  return {
    open: (room, roomListener) => openRoom(chat, me, room, roomListener),
    history: (room, before, limit) => history(client, room, before, limit),
    retryNow: () => client.connect(),
    close: () => client.close(),
  };
}

async function history(
  client: BaseRealtime,
  room: string,
  before: string | undefined,
  limit: number,
): Promise<Page> {
  const path = `/chat/v4/rooms/${encodeURIComponent(room)}/messages`;
  const params = { direction: "backwards", limit, ...(before === undefined ? {} : { fromSerial: before }) };
  const answer = await client.request<RestMessage>("get", path, CHAT_VERSION, params);
  if (!answer.success) throw new Error(answer.errorMessage);
  return { items: answer.items.map(fromRest), start_reached: !answer.hasNext() };
}

/** The server alone publishes here, but a value of another shape must not reach the reducers. */
function readPersonal({ name, data }: InboundMessage): PersonalEvent | undefined {
  const value: unknown = typeof data === "string" ? JSON.parse(data) : data;
  if (typeof name !== "string" || typeof value !== "object" || value === null) return undefined;
  return { name, data: value } as PersonalEvent;
}
