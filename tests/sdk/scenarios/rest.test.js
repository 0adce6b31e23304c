// The REST client: publishing, reading the past, presence, status.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, pages, rest } from '../lib/clients.js';
import { Recorder, exactly } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

const data = (items) => items.map((item) => item.data);

describe('REST', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    const client = () => rest(server, { useBinaryProtocol });

    test(`${format}: what is published is delivered and kept as it was sent`, async (t) => {
      const name = channelName();
      const channel = client().channels.get(name);
      const readers = await Promise.all(
        FORMATS.map(async (other) => Recorder.on((await connect(t, server, { useBinaryProtocol: other.useBinaryProtocol })).channels.get(name))),
      );
      const extras = { headers: { a: 1 } };
      const one = await channel.publish('one', 'text');
      const two = await channel.publish([{ name: 'two', data: { j: [1] }, extras }, { name: 'three', data: Buffer.from([0, 255]), clientId: 'ada' }]);
      for (const reader of readers) {
        const [first, second, third] = await reader.count(3);
        assert.deepEqual([first.data, second.data, [...third.data]], ['text', { j: [1] }, [0, 255]]);
        assert.deepEqual([second.extras, third.clientId], [extras, 'ada']);
        assert.deepEqual(reader.messages.map((message) => message.serial), [...one.serials, ...two.serials]);
      }
      const { items } = await channel.history({ direction: 'forwards' });
      assert.deepEqual(items.map(({ id, serial, name }) => ({ id, serial, name })), readers[0].messages.map(({ id, serial, name }) => ({ id, serial, name })));
      assert.deepEqual([...items[2].data], [0, 255]);
      assert.deepEqual(items[1].data, { j: [1] });
    });

    test(`${format}: history pages in both directions, with limits and times`, async () => {
      const channel = client().channels.get(channelName());
      const all = Array.from({ length: 25 }, (_, at) => `${at}`);
      for (const item of all) await channel.publish('n', item);
      assert.deepEqual(data(await pages(channel.history({ direction: 'forwards', limit: 7 }))), all);
      assert.deepEqual(data(await pages(channel.history({ limit: 10 }))), [...all].reverse());
      const first = await channel.history({ limit: 10 });
      assert.equal(first.items.length, 10);
      const second = await first.next();
      assert.deepEqual(data((await second.first()).items), data(first.items));
      assert.equal((await channel.history({ limit: 25 })).isLast(), true);
      const times = (await channel.history({ direction: 'forwards' })).items.map((item) => item.timestamp);
      const from_ms = times[12];
      const later = data((await channel.history({ start: from_ms, direction: 'forwards' })).items);
      assert.deepEqual(later, all.filter((_, at) => times[at] >= from_ms));
      const earlier = data((await channel.history({ end: from_ms, direction: 'forwards' })).items);
      assert.deepEqual(earlier, all.filter((_, at) => times[at] <= from_ms));
    });

    test(`${format}: pages stay the same while more is published`, async () => {
      const channel = client().channels.get(channelName());
      for (let at = 0; at < 10; at += 1) await channel.publish('n', `${at}`);
      const first = await channel.history({ limit: 4 });
      await channel.publish('n', 'new');
      const rest = await pages(first.next());
      assert.deepEqual(data([...first.items, ...rest]), ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
    });

    test(`${format}: one message can be read by its serial`, async () => {
      const channel = client().channels.get(channelName());
      const { serials } = await channel.publish([{ name: 'a', data: '1' }, { name: 'b', data: '2' }]);
      const message = await channel.getMessage(serials[1]);
      assert.deepEqual([message.name, message.data, message.serial], ['b', '2', serials[1]]);
      const error = await refusal(channel.getMessage('0000000000-000@nowhere:000'));
      assert.equal(error.statusCode, 404);
    });

    test(`${format}: presence and its history`, async (t) => {
      const name = channelName();
      const ada = await connect(t, server, { clientId: 'ada', useBinaryProtocol });
      const bea = await connect(t, server, { clientId: 'bea', useBinaryProtocol });
      await ada.channels.get(name).presence.enter({ mood: 'fine' });
      await bea.channels.get(name).presence.enter('hi');
      await bea.channels.get(name).presence.update('ho');
      const { presence } = client().channels.get(name);
      const members = await pages(presence.get({ limit: 1 }));
      assert.deepEqual(members.map((member) => member.clientId).sort(), ['ada', 'bea']);
      const [member] = (await presence.get({ clientId: 'ada' })).items;
      assert.deepEqual([member.data, member.action, member.connectionId], [{ mood: 'fine' }, 'present', ada.connection.id]);
      const story = (await pages(presence.history({ direction: 'forwards' }))).map((event) => `${event.action} ${event.clientId}`);
      assert.deepEqual(story, ['enter ada', 'enter bea', 'update bea']);
    });

    test(`${format}: a channel's status counts who is there`, async (t) => {
      const name = channelName();
      const ada = await connect(t, server, { clientId: 'ada' });
      await ada.channels.get(name).presence.enter();
      await (await connect(t, server)).channels.get(name, { modes: ['SUBSCRIBE'] }).attach();
      const details = await client().channels.get(name).status();
      assert.equal(details.channelId, name);
      assert.equal(details.status.isActive, true);
      const { metrics } = details.status.occupancy;
      assert.deepEqual([metrics.connections, metrics.subscribers, metrics.publishers, metrics.presenceMembers], [2, 2, 1, 1]);
      const empty = await client().channels.get(channelName()).status();
      assert.equal(empty.status.isActive, false);
    });

    test(`${format}: a message on behalf of a connection carries its id and client`, async (t) => {
      const name = channelName();
      const ada = await connect(t, server, { clientId: 'ada' });
      const recorder = await Recorder.on(ada.channels.get(name));
      await client().channels.get(name).publish({ name: 'n', data: 'd', connectionKey: ada.connection.key });
      const [message] = await recorder.count(1);
      assert.deepEqual([message.connectionId, message.clientId], [ada.connection.id, 'ada']);
      const error = await refusal(client().channels.get(name).publish({ name: 'n', connectionKey: 'forged' }));
      assert.equal(error.code, 40006);
    });
  }

  test('messages of REST and realtime publishers interleave in one order', async (t) => {
    const name = channelName();
    const readers = await Promise.all(FORMATS.map(async (other) => Recorder.on((await connect(t, server, other)).channels.get(name))));
    const realtime = (await connect(t, server)).channels.get(name);
    const web = rest(server).channels.get(name);
    await Promise.all(Array.from({ length: 60 }, (_, at) => (at % 2 ? web : realtime).publish('n', `${at}`)));
    const [one, two] = await Promise.all(readers.map((reader) => reader.count(60)));
    exactly(two, data(one));
    assert.deepEqual(data(await pages(web.history({ direction: 'forwards', limit: 9 }))), data(one));
  });
});
