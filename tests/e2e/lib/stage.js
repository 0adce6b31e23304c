// What most scenarios begin with: a server, a browser, people with accounts, a room.
import { after, before } from 'node:test';
import { Person } from '../../sdk/lib/people.js';
import { Server } from '../../sdk/lib/server.js';
import { launch } from './browser.js';
import { Window } from './window.js';

export class Stage {
  /** A server and a browser for the tests of the suite in which this is called. */
  static shared(...flags) {
    const stage = new Stage();
    stage.server = Server.shared(...flags);
    before(async () => {
      stage.browser = await launch();
    });
    after(() => stage.browser?.close());
    return stage;
  }

  constructor() {
    this.rooms = 0;
  }

  /** Accounts of these names, made once; the first administers the server. */
  async people(...names) {
    const [first, ...others] = names;
    const people = [await account(() => Person.first(this.server, first.toLowerCase()), first)];
    const { code } = await people[0].ask('POST', '/admin/invitations', {});
    for (const name of others) people.push(await account(() => Person.invited(this.server, name.toLowerCase(), code), name));
    this.owner = people[0];
    return people;
  }

  /** A private room of the first person with these others in it; its id. */
  async room(name, members = [], { owner = this.owner, kind = 'private' } = {}) {
    const { room } = await owner.ask('POST', '/rooms', { kind, name });
    for (const { id } of members) await owner.ask('PUT', `/rooms/${room.id}/members/${id}`, { role: 'member' });
    return room.id;
  }

  /** A window of a person, or of nobody yet; `through` is a proxy in front of the server. */
  window(t, person, { through = this.server, ...options } = {}) {
    return Window.open(t, this.browser, `http://127.0.0.1:${through.port}`, { person, ...options });
  }

  /** What is stored of a room, from the oldest: the texts. */
  async stored(room) {
    const response = await this.server.fetch(`/chat/v4/rooms/${encodeURIComponent(room)}/messages?limit=1000&direction=forwards`);
    if (!response.ok) throw new Error(`history of ${room}: ${response.status} ${await response.text()}`);
    return (await response.json()).map((message) => message.text);
  }
}

/** An account is named by its handle at first; people have names. */
async function account(make, name) {
  const person = await make();
  return Object.assign(person, await person.ask('PATCH', '/me', { name }));
}
