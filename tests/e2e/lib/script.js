// A builder's script: the published chat SDK, beside the people who use the web app.
import { ChatClient, LogLevel } from '@ably/chat';
import Ably from 'ably';
import { jwt } from '../../sdk/lib/jwt.js';
import { KEY } from '../../sdk/lib/server.js';
import { until } from './wait.js';

const RIGHTS = ['publish', 'subscribe', 'presence', 'history', 'channel-metadata'];
const byKey = (clientId) => ({ key: KEY, clientId });
const byJwt = (clientId) => ({ authCallback: (_, done) => done(null, jwt({ clientId, capability: { '*': RIGHTS } })) });

export const AUTHENTICATIONS = { 'an API key': byKey, 'a JWT': byJwt };

export class Script {
  /** A script in a room, under a name of its own. It ends with the test. */
  static async start(t, server, room, clientId, authenticate = byKey) {
    const realtime = new Ably.Realtime({
      endpoint: '127.0.0.1',
      port: server.port,
      tls: false,
      disableConnectivityCheck: true,
      logLevel: 0,
      ...authenticate(clientId),
    });
    const chat = new ChatClient(realtime, { logLevel: LogLevel.Silent });
    t.after(() => {
      chat.dispose();
      realtime.close();
    });
    const inside = await chat.rooms.get(room);
    await inside.attach();
    return new Script(inside);
  }

  constructor(room) {
    Object.assign(this, { room, heard: [], typing: new Set() });
    room.messages.subscribe(({ message }) => this.heard.push(message));
    room.typing.subscribe(({ currentlyTyping }) => {
      this.typing = currentlyTyping;
    });
  }

  say(text) {
    return this.room.messages.send({ text });
  }

  hears(text) {
    return until(`the script hears "${text}"`, () => this.heard.find((message) => message.text === text));
  }
}
