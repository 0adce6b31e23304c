// A server and a browser to measure, with one person signed in.
import { Person } from '../../sdk/lib/people.js';
import { Server } from '../../sdk/lib/server.js';
import { DEVICES, launch } from '../lib/browser.js';

const SEED_BATCH = 100;
const ROOMS_MAX = '10000';

export class Stand {
  static async open() {
    const stand = new Stand();
    stand.server = new Server(['--chat-max-rooms-per-person', ROOMS_MAX]);
    await stand.server.launch();
    stand.browser = await launch();
    stand.person = await Person.first(stand.server, 'mara');
    return stand;
  }

  async close() {
    await this.browser.close();
    await this.server.remove();
  }

  async room(name) {
    return (await this.person.ask('POST', '/rooms', { kind: 'private', name })).room.id;
  }

  /** Puts so many messages into a room, as an application would. */
  async seed(room, count) {
    const path = `/channels/${encodeURIComponent(`${room}::$chat`)}/messages`;
    for (let at = 0; at < count; at += SEED_BATCH) {
      const messages = Array.from({ length: Math.min(SEED_BATCH, count - at) }, (_, index) => ({
        name: 'chat.message',
        clientId: this.person.id,
        data: { text: `message ${at + index}: ${'words and words '.repeat((at + index) % 7)}` },
      }));
      await this.publish(path, messages);
    }
  }

  async publish(path, messages) {
    const headers = { 'content-type': 'application/json' };
    const send = (body) => this.server.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    let response = await send(messages);
    // A key may not speak for a person: then a script speaks.
    if (!response.ok) response = await send(messages.map(({ clientId, ...message }) => ({ ...message, clientId: 'seed' })));
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }

  /** A page with nothing in its cache, signed in. */
  async page() {
    const context = await this.browser.newContext({ ...DEVICES.desktop, serviceWorkers: 'block' });
    const [name, ...value] = this.person.cookie.split('=');
    await context.addCookies([{ name, value: value.join('='), url: this.server.url, httpOnly: true, sameSite: 'Strict' }]);
    return context.newPage();
  }
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
