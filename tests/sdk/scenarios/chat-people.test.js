// People of the chat product and a builder's script in the same room: each sees what the others say, and what one may no
// longer do ends at once.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { chat, enter, hear, listen } from '../lib/chat.js';
import { FORMATS, channelName, open } from '../lib/clients.js';
import { Person } from '../lib/people.js';
import { Server } from '../lib/server.js';
import { next, refusal, until } from '../lib/wait.js';

/** How soon a right that is taken away must be gone. */
const AT_ONCE_MS = 1_000;

describe('people and scripts', () => {
  const server = Server.shared();
  let maria;
  let tomas;

  before(async () => {
    maria = await Person.first(server, 'maria');
    const { code } = await maria.ask('POST', '/admin/invitations', {});
    tomas = await Person.invited(server, 'tomas', code);
  });

  /** A room of Maria's with Tomas in it. */
  async function room(kind = 'private') {
    const { room: made } = await maria.ask('POST', '/rooms', { kind, name: channelName('room') });
    await maria.ask('PUT', `/rooms/${made.id}/members/${tomas.id}`, { role: 'member' });
    return made.id;
  }

  const listing = async (person, id) => person.ask('GET', `/me/rooms/${id}`);

  for (const { format, useBinaryProtocol } of FORMATS) {
    const as = async (t, person) => chat(t, server, { ...person.realtime, useBinaryProtocol });

    test(`${format}: a person, another one and a script hear the same, each under their own name`, async (t) => {
      const id = await room();
      const rooms = [await as(t, maria), await as(t, tomas), await chat(t, server, { clientId: 'script', useBinaryProtocol })];
      const inside = await Promise.all(rooms.map((client) => enter(client, id)));
      const ears = inside.map(hear);
      const typing = listen((listener) => inside[0].typing.subscribe(listener));
      await maria.ask('POST', `/rooms/${id}/messages`, { text: 'from the web' }, { 'idempotency-key': `k-${id}` });
      await inside[1].messages.send({ text: 'from the SDK' });
      await inside[2].messages.send({ text: 'from the script' });
      await inside[2].typing.keystroke();
      const expected = [['from the web', maria.id], ['from the SDK', tomas.id], ['from the script', 'script']];
      for (const ear of ears) {
        await ear.count(3);
        assert.deepEqual(ear.messages.map(({ text, clientId }) => [text, clientId]), expected);
      }
      assert.equal(ears[2].messages[0].headers['loquat-id'], `k-${id}`);
      await typing.find('the script types', ({ change }) => change.clientId === 'script');
      await inside[1].presence.enter();
      await until('maria sees tomas', () => inside[0].presence.isUserPresent(tomas.id));
      await until('two of three are unread for tomas', async () => (await listing(tomas, id)).unread.unread === 2);
    });

    test(`${format}: the same message sent twice from the web is heard once`, async (t) => {
      const id = await room();
      const ear = hear(await enter(await as(t, tomas), id));
      const send = () => maria.ask('POST', `/rooms/${id}/messages`, { text: 'once' }, { 'idempotency-key': `twice-${id}` });
      const [first, second] = [await send(), await send()];
      assert.equal(first.serial, second.serial);
      await maria.ask('POST', `/rooms/${id}/messages`, { text: 'next' });
      await ear.count(2);
      assert.deepEqual(ear.texts, ['once', 'next']);
    });

    test(`${format}: who joins hears at once with the token they have; who is removed hears nothing more`, async (t) => {
      const { room: made } = await maria.ask('POST', '/rooms', { kind: 'public', name: channelName('room') });
      const client = await as(t, tomas);
      const inside = await client.rooms.get(made.id);
      assert.equal((await refusal(inside.attach())).code, 40160);
      await tomas.ask('POST', `/rooms/${made.id}/join`);
      const { id } = client.realtime.connection;
      await inside.attach();
      const ear = hear(inside);
      await maria.ask('POST', `/rooms/${made.id}/messages`, { text: 'welcome' });
      await ear.count(1);
      const failed = until('the room has failed', () => inside.status === 'failed', AT_ONCE_MS);
      await maria.ask('DELETE', `/rooms/${made.id}/members/${tomas.id}`);
      await failed;
      assert.equal(inside.error.code, 40160);
      await maria.ask('POST', `/rooms/${made.id}/messages`, { text: 'behind his back' });
      for (const attempt of [() => inside.messages.send({ text: 'x' }), () => inside.messages.history({})]) {
        assert.equal((await refusal(attempt())).code, 40160);
      }
      assert.deepEqual([ear.texts, client.realtime.connection.id], [['welcome'], id]);
    });

    test(`${format}: who may only read hears and is refused`, async (t) => {
      const id = await room();
      await maria.ask('PUT', `/rooms/${id}/members/${tomas.id}`, { role: 'read_only' });
      const inside = await enter(await as(t, tomas), id);
      const ear = hear(inside);
      await maria.ask('POST', `/rooms/${id}/messages`, { text: 'listen' });
      await ear.count(1);
      for (const attempt of [
        () => inside.messages.send({ text: 'x' }),
        () => inside.typing.keystroke(),
        () => inside.reactions.send({ name: 'like' }),
      ]) {
        assert.equal((await refusal(attempt())).code, 40160);
      }
      assert.equal((await inside.messages.history({})).items.length, 1);
    });

    test(`${format}: a session that is ended elsewhere is off the air at once, the others stay`, async (t) => {
      const id = await room();
      const other = await tomas.again();
      const [gone, stays] = [await as(t, other), await as(t, tomas)];
      await enter(gone, id);
      const ear = hear(await enter(stays, id));
      const cut = next(gone.realtime.connection, 'disconnected', AT_ONCE_MS);
      await other.request('POST', '/sign-out');
      await cut;
      await maria.ask('POST', `/rooms/${id}/messages`, { text: 'still here?' });
      await ear.count(1);
      assert.equal(stays.realtime.connection.state, 'connected');
      assert.notEqual(gone.realtime.connection.state, 'connected');
    });

    test(`${format}: nobody speaks in a person's name, and nobody listens to what is theirs alone`, async (t) => {
      const error = await new Promise((resolve) => {
        const forger = open(t, server, { clientId: maria.id, useBinaryProtocol });
        forger.connection.once('failed', ({ reason }) => resolve(reason));
      });
      assert.deepEqual([error.code, error.statusCode], [40012, 400]);
      const client = await chat(t, server, { clientId: 'script', useBinaryProtocol });
      const channel = client.realtime.channels.get(`$me:${maria.id}`);
      assert.equal((await refusal(channel.publish('room.changed', '{}'))).code, 40160);
      assert.equal((await refusal(channel.attach())).code, 40160);
      const nosy = await as(t, tomas);
      assert.equal((await refusal(nosy.realtime.channels.get(`$me:${maria.id}`).attach())).code, 40160);
      const own = nosy.realtime.channels.get(`$me:${tomas.id}`);
      await own.attach();
      assert.equal((await refusal(own.publish('room.changed', '{}'))).code, 40160);
    });
  }
});
