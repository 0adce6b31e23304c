// Clients of the published SDK, as an application makes them, and closed with the test that made them.
import Ably from 'ably';
import { KEY } from './server.js';
import { state } from './wait.js';

/** The wire formats; a scenario that carries data runs in both. */
export const FORMATS = [
  { format: 'msgpack', useBinaryProtocol: true },
  { format: 'json', useBinaryProtocol: false },
];

const OPTIONS = {
  endpoint: '127.0.0.1',
  tls: false,
  // Nothing leaves this machine, and a client comes back as fast as it can.
  disableConnectivityCheck: true,
  disconnectedRetryTimeout: 100,
  suspendedRetryTimeout: 200,
  logLevel: 0,
};

/** Options for a client of `target` (a server or a proxy in front of one); authentication by key unless told otherwise. */
export function options(target, more = {}) {
  const own = 'key' in more || 'token' in more || 'authCallback' in more || 'tokenDetails' in more;
  return { ...OPTIONS, port: target.port, ...(own ? {} : { key: KEY }), ...more };
}

/** A realtime client that has been asked to connect. */
export function open(t, target, more) {
  const client = new Ably.Realtime(options(target, more));
  t.after(() => client.close());
  return client;
}

/** A realtime client that is connected. */
export async function connect(t, target, more) {
  const client = open(t, target, more);
  await state(client.connection, 'connected');
  return client;
}

export function rest(target, more) {
  return new Ably.Rest(options(target, more));
}

let made = 0;
/** A channel name that no other test uses. */
export function channelName(what = 'channel') {
  made += 1;
  return `${what}-${process.pid}-${made}`;
}

/** Every item of a paginated result, from this page on. */
export async function pages(result) {
  const items = [];
  for (let page = await result; page; page = page.hasNext() ? await page.next() : null) items.push(...page.items);
  return items;
}
