// Chat clients as an application makes them, with the published chat SDK over the published realtime SDK.
import { ChatClient, LogLevel } from '@ably/chat';
import { connect } from './clients.js';
import { jwt } from './jwt.js';
import { until } from './wait.js';

/** What the chat SDK's documentation asks of a token for everything that it does in a room. */
export const RIGHTS = ['publish', 'subscribe', 'presence', 'history', 'channel-metadata'];

/** Authentication by a JWT that the application's own server signs, with rights on rooms by their names. */
export function byJwt(clientId, capability = { '*': RIGHTS }, claims = {}) {
  return { authCallback: (_, done) => done(null, jwt({ clientId, capability, ...claims })) };
}

/** The ways in which an application's chat clients authenticate; each gives a realtime client's options. */
export const AUTHENTICATIONS = [
  { authentication: 'an API key', of: (clientId) => ({ clientId }) },
  { authentication: 'a JWT', of: (clientId) => byJwt(clientId) },
];

/** A chat client that is connected; `realtime` are options of the client below it. */
export async function chat(t, target, realtime, options) {
  const client = await connect(t, target, realtime);
  const chatClient = new ChatClient(client, { logLevel: LogLevel.Silent, ...options });
  t.after(() => chatClient.dispose());
  return chatClient;
}

/** A room of a chat client, attached. */
export async function enter(client, name, options) {
  const room = await client.rooms.get(name, options);
  await room.attach();
  return room;
}

/** What comes through a subscription: `subscribe` is given the listener. */
export function listen(subscribe) {
  const events = [];
  const subscription = subscribe((event) => events.push(event));
  return {
    events,
    subscription,
    /** Waits until there are so many. */
    count: async (count, ms_max) => {
      await until(`${count} events came, there are ${events.length}`, () => events.length >= count, ms_max);
      return events;
    },
    /** Waits for one of which this is true. */
    find: (what, test, ms_max) => until(`an event came: ${what}`, () => events.find(test), ms_max),
  };
}

/** A message or several without what is undefined, which differs between what was sent, heard and read. */
export const plain = (message) => JSON.parse(JSON.stringify(message));

/** The messages that a room hears from now on. */
export function hear(room) {
  const heard = listen((listener) => room.messages.subscribe(listener));
  const messages = () => heard.events.map((event) => event.message);
  return {
    ...heard,
    get messages() {
      return messages();
    },
    get texts() {
      return messages().map((message) => message.text);
    },
  };
}
