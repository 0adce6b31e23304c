// What a chat client may not do, gets wrong, or cannot do in this release: a clear error at once, and the rest goes on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RIGHTS, byJwt, chat, enter, hear } from '../lib/chat.js';
import { FORMATS, channelName } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { Server } from '../lib/server.js';
import { refusal, until } from '../lib/wait.js';

const about = (error) => [error.code, error.statusCode];

describe('chat refuses', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: each thing that a token gives no right to`, async (t) => {
      const name = channelName('room');
      const reader = await chat(t, server, { ...byJwt('reader', { [name]: ['subscribe'] }), useBinaryProtocol });
      const writer = await enter(await chat(t, server, { clientId: 'writer', useBinaryProtocol }), name);
      const room = await enter(reader, name);
      const ear = hear(room);
      for (const [what, attempt] of [
        ['publish', () => room.messages.send({ text: 'x' })],
        ['history', () => room.messages.history({})],
        ['history', () => room.messages.get('0001-0000000000000001:000')],
        ['channel-metadata', () => room.occupancy.get()],
        ['presence', () => room.presence.enter()],
        ['publish', () => room.typing.keystroke()],
        ['publish', () => room.reactions.send({ name: 'like' })],
      ]) {
        const error = await refusal(attempt());
        assert.deepEqual(about(error), [40160, 401], what);
        assert.ok(error.message.includes(`'${what}'`), error.message);
      }
      await writer.messages.send({ text: 'heard' });
      await ear.count(1);
      assert.deepEqual([ear.texts, reader.realtime.connection.state], [['heard'], 'connected']);
    });

    test(`${format}: a room that a token does not name`, async (t) => {
      const client = await chat(t, server, { ...byJwt('ada', { mine: ['*'] }), useBinaryProtocol });
      const room = await client.rooms.get('theirs');
      assert.deepEqual(about(await refusal(room.attach())), [40160, 401]);
      assert.equal(room.status, 'failed');
      assert.equal(room.error.code, 40160);
      assert.deepEqual(about(await refusal(room.messages.send({ text: 'x' }))), [40160, 401]);
      await enter(client, 'mine');
    });

    test(`${format}: names that no room can have, and text that is none`, async (t) => {
      const client = await chat(t, server, { clientId: 'ada', useBinaryProtocol });
      for (const name of [':x', '[meta]x', 'a\nb', 'a\u2028b', 'x'.repeat(2_100)]) {
        const room = await client.rooms.get(name);
        assert.deepEqual(about(await refusal(room.attach())), [40010, 400], name);
        assert.deepEqual(about(await refusal(room.messages.send({ text: 'x' }))), [40010, 400], name);
      }
      const room = await enter(client, channelName('room'));
      for (const message of [
        { text: '' },
        { text: 7 },
        { text: undefined },
        { text: 'x', metadata: 'none' },
        { text: 'x', headers: { deep: { er: 1 } } },
      ]) {
        assert.deepEqual(about(await refusal(room.messages.send(message))), [40003, 400], JSON.stringify(message));
      }
      assert.deepEqual(about(await refusal(room.messages.send({ text: 'x'.repeat(70_000) }))), [40009, 400]);
      assert.deepEqual((await room.messages.history({})).items, []);
    });

    test(`${format}: whoever has no name`, async (t) => {
      const client = await chat(t, server, { useBinaryProtocol });
      const room = await enter(client, channelName('room'));
      const error = await refusal(room.messages.send({ text: 'x' }));
      assert.deepEqual(about(error), [40012, 400]);
      assert.match(error.message, /clientId/);
    });

    test(`${format}: what this release does not have`, async (t) => {
      const name = channelName('room');
      const client = await chat(t, server, { clientId: 'ada', useBinaryProtocol });
      const room = await enter(client, name, { messages: { rawMessageReactions: true } });
      const ear = hear(room);
      const sent = await room.messages.send({ text: 'as it was' });
      for (const [attempt, words] of [
        [() => room.messages.update(sent.serial, { text: 'changed' }), /cannot be changed/],
        [() => room.messages.delete(sent.serial), /cannot be deleted/],
        [() => room.messages.getVersions(sent.serial), /versions/],
        [() => room.messages.reactions.send(sent.serial, { name: 'like' }), /reactions to messages/],
        [() => room.messages.reactions.delete(sent.serial, { name: 'like' }), /reactions to messages/],
        [() => room.messages.reactions.clientReactions(sent.serial), /reactions to messages/],
      ]) {
        const error = await refusal(attempt());
        assert.deepEqual(about(error), [50100, 501], error.message);
        assert.match(error.message, words);
      }
      assert.equal((await room.messages.get(sent.serial)).text, 'as it was');
      await room.messages.send({ text: 'next' });
      await ear.count(2);
      assert.deepEqual(ear.texts, ['as it was', 'next']);
    });

    test(`${format}: a room with occupancy events, which would never come`, async (t) => {
      const name = channelName('room');
      const client = await chat(t, server, { clientId: 'ada', useBinaryProtocol });
      const room = await client.rooms.get(name, { occupancy: { enableEvents: true } });
      const error = await refusal(room.attach());
      assert.deepEqual(about(error), [50100, 501]);
      assert.match(error.message, /occupancy events are not available/);
      assert.deepEqual([room.status, room.error.code], ['failed', 50100]);
      await client.rooms.release(name);
      assert.deepEqual(await (await enter(client, name)).occupancy.get(), { connections: 1, presenceMembers: 0 });
    });
  }

  test('a token that has expired is renewed, and the message is sent once', async (t) => {
    let tokens = 0;
    let expired_ms;
    const authCallback = (_, done) => {
      tokens += 1;
      const ttl_ms = tokens === 1 ? 1_000 : 60_000;
      expired_ms ??= Math.ceil((Date.now() + ttl_ms) / 1_000) * 1_000;
      done(null, jwt({ clientId: 'ada', capability: { '*': RIGHTS }, ttl_ms }));
    };
    const client = await chat(t, server, { authCallback }, { idempotentRestPublishing: true });
    const room = await enter(client, channelName('room'));
    const ear = hear(room);
    await until('the token has expired', () => Date.now() > expired_ms);
    await room.messages.send({ text: 'with a new token' });
    await ear.count(1);
    assert.ok(tokens >= 2);
    assert.equal((await room.messages.history({})).items.length, 1);
  });
});
