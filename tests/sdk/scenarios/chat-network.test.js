// A room while the network breaks and the server falls: nothing lost, nothing doubled, and said plainly where it was.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chat, enter, hear, listen } from '../lib/chat.js';
import { FORMATS, channelName, pages } from '../lib/clients.js';
import { Proxy } from '../lib/proxy.js';
import { Server } from '../lib/server.js';
import { next, refusal, state, until } from '../lib/wait.js';

describe('chat over a bad network', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: after a drop the room goes on where it was, and nobody notices`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName('room');
      const ada = await chat(t, proxy, { clientId: 'ada', useBinaryProtocol });
      const room = await enter(ada, name);
      const grace = await enter(await chat(t, server, { clientId: 'grace' }), name);
      const ear = hear(room);
      const breaks = listen((listener) => room.onDiscontinuity(listener));
      await room.presence.enter({ here: true });
      const gone = listen((listener) => grace.presence.subscribe((event) => event.type === 'leave' && listener(event)));
      await grace.messages.send({ text: 'before' });
      await ear.count(1);
      const { id } = ada.realtime.connection;
      proxy.refuse(true);
      const dropped = next(ada.realtime.connection, 'disconnected');
      proxy.cut();
      await dropped;
      for (const text of ['while away 1', 'while away 2']) await grace.messages.send({ text });
      proxy.refuse(false);
      await state(ada.realtime.connection, 'connected');
      await grace.messages.send({ text: 'after' });
      await ear.count(4);
      assert.deepEqual(ear.texts, ['before', 'while away 1', 'while away 2', 'after']);
      assert.deepEqual([ada.realtime.connection.id, breaks.events, gone.events], [id, [], []]);
      assert.deepEqual((await grace.presence.get()).map((member) => member.clientId), ['ada']);
    });

    test(`${format}: a kill of the server loses nothing and doubles nothing`, async (t) => {
      const own = await Server.start(t);
      const name = channelName('room');
      const [ada, grace] = await Promise.all(
        ['ada', 'grace'].map(async (clientId) => {
          const client = await chat(t, own, { clientId, useBinaryProtocol });
          return { client, room: await enter(client, name) };
        }),
      );
      const ear = hear(grace.room);
      const answered = [];
      for (let at = 0; at < 10; at += 1) answered.push(await ada.room.messages.send({ text: `${at}` }));
      await own.kill();
      const error = await refusal(ada.room.messages.send({ text: 'lost in between' }));
      assert.ok(error.message.length > 0);
      await own.launch();
      await Promise.all([ada, grace].map(({ client }) => state(client.realtime.connection, 'connected')));
      await until('grace is back in the room', () => grace.room.channel.state === 'attached');
      for (let at = 10; at < 20; at += 1) answered.push(await ada.room.messages.send({ text: `${at}` }));
      await ear.count(20);
      const expected = answered.map((message) => message.text);
      assert.deepEqual(ear.texts, expected);
      const kept = await pages(ada.room.messages.history({ limit: 6 }));
      assert.deepEqual(kept.map((message) => message.text).toReversed(), expected);
    });

    test(`${format}: the resend of a message is the message`, async (t) => {
      const name = channelName('room');
      const ada = await chat(t, server, { clientId: 'ada', useBinaryProtocol }, { idempotentRestPublishing: true });
      const room = await enter(ada, name);
      const ear = hear(room);
      const sent = await room.messages.send({ text: 'once' });
      const [{ id }] = (await room.channel.history()).items;
      assert.ok(id.length >= 12, 'the id is the key that the SDK chose');
      // What the SDK does by itself when it has no answer to the first attempt: the same request again.
      const path = `/chat/v4/rooms/${name}/messages`;
      const again = await ada.realtime.request('POST', path, 4, { idempotencyKey: id }, { text: 'once' });
      assert.deepEqual([again.statusCode, again.items[0].serial], [201, sent.serial]);
      await room.messages.send({ text: 'next' });
      await ear.count(2);
      assert.deepEqual(ear.texts, ['once', 'next']);
      assert.equal((await room.messages.history({})).items.length, 2);
    });
  }

  test('continuity that was lost is said, and what was missed can be read', async (t) => {
    const own = await Server.start(t);
    const name = channelName('room');
    const ada = await chat(t, own, { clientId: 'ada' });
    const room = await enter(ada, name);
    const ear = hear(room);
    const breaks = listen((listener) => room.onDiscontinuity(listener));
    await room.messages.send({ text: 'gone with the disk' });
    await ear.count(1);
    await own.kill();
    own.loseData();
    await own.launch();
    await breaks.count(1);
    await state(ada.realtime.connection, 'connected');
    await room.messages.send({ text: 'new' });
    await ear.count(2);
    const before = await ear.subscription.historyBeforeSubscribe({ limit: 10 });
    assert.deepEqual([ear.texts, before.items], [['gone with the disk', 'new'], []]);
  });
});
