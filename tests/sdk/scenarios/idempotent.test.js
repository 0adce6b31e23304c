// The same message id stores once (DUP-1): over realtime and REST, in both formats, across both.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, pages, rest } from '../lib/clients.js';
import { Recorder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

describe('idempotent publishing', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: an id published again, by whom and how ever, is acknowledged with its first serial`, async (t) => {
      const name = channelName();
      const client = await connect(t, server, { useBinaryProtocol });
      const other = await connect(t, server, { useBinaryProtocol: !useBinaryProtocol });
      const reader = await Recorder.on(client.channels.get(name));
      const message = { id: 'order-4711', name: 'order', data: 'first' };
      const first = await client.channels.get(name).publish(message);
      const again = await client.channels.get(name).publish({ ...message, data: 'second' });
      const byOther = await other.channels.get(name).publish(message);
      const byRest = await rest(server, { useBinaryProtocol }).channels.get(name).publish(message);
      for (const result of [again, byOther, byRest]) assert.deepEqual(result.serials, first.serials);
      await client.channels.get(name).publish('last', 'last');
      await reader.has('last');
      assert.deepEqual(reader.data, ['first', 'last']);
      assert.equal(reader.messages[0].id, 'order-4711');
      assert.deepEqual((await pages(client.channels.get(name).history())).map((item) => item.data), ['last', 'first']);
    });

    test(`${format}: several messages under ids of one base are one publish`, async (t) => {
      const name = channelName();
      const client = await connect(t, server, { useBinaryProtocol });
      const reader = await Recorder.on(client.channels.get(name));
      const batch = ['a', 'b', 'c'].map((data, at) => ({ id: `base:${at}`, name: 'batch', data }));
      const first = await client.channels.get(name).publish(batch);
      const again = await rest(server, { useBinaryProtocol }).channels.get(name).publish(batch);
      assert.deepEqual(again.serials, first.serials);
      await client.channels.get(name).publish('last', 'last');
      await reader.has('last');
      assert.deepEqual(reader.data, ['a', 'b', 'c', 'last']);
    });

    test(`${format}: ids that contradict each other are refused`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName());
      const error = await refusal(channel.publish([{ id: 'one:0', name: 'x' }, { id: 'two:1', name: 'y' }]));
      assert.equal(error.code, 40031);
      await channel.publish('x', 'the connection goes on');
    });

    test(`${format}: twenty publishers with one id at once store one message`, async (t) => {
      const name = channelName();
      const clients = await Promise.all(Array.from({ length: 4 }, () => connect(t, server, { useBinaryProtocol })));
      const reader = await Recorder.on(clients[0].channels.get(name));
      const publish = (_, at) => clients[at % 4].channels.get(name).publish({ id: 'race', name: 'race', data: `${at}` });
      const results = await Promise.all(Array.from({ length: 20 }, publish));
      assert.equal(new Set(results.flatMap((result) => result.serials)).size, 1);
      await clients[0].channels.get(name).publish('last', 'last');
      await reader.has('last');
      assert.equal(reader.messages.length, 2);
    });
  }

  test('the same id on another channel is another message', async (t) => {
    const client = await connect(t, server);
    const [one, two] = [client.channels.get(channelName()), client.channels.get(channelName())];
    await one.publish({ id: 'shared', name: 'n', data: 'one' });
    await two.publish({ id: 'shared', name: 'n', data: 'two' });
    assert.deepEqual((await two.history()).items.map((item) => item.data), ['two']);
  });

  test('an id is remembered across a kill and restart', async (t) => {
    const own = await Server.start(t);
    const name = channelName();
    const publish = (data) => rest(own).channels.get(name).publish({ id: 'kept', name: 'n', data });
    const first = await publish('before');
    await own.restart();
    const again = await publish('after');
    assert.deepEqual(again.serials, first.serials);
    assert.deepEqual((await rest(own).channels.get(name).history()).items.map((item) => item.data), ['before']);
  });
});
