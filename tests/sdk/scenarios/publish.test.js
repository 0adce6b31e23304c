// What is published arrives as it was sent, in order, at every subscriber, whatever format each of them speaks.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect } from '../lib/clients.js';
import { Recorder, exactly, inOrder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

describe('publish', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    /** A publisher in this format, and a subscriber in each. */
    async function cast(t) {
      const name = channelName();
      const publisher = await connect(t, server, { useBinaryProtocol });
      const readers = await Promise.all(
        FORMATS.map(async (other) => {
          const client = await connect(t, server, { useBinaryProtocol: other.useBinaryProtocol });
          return Recorder.on(client.channels.get(name));
        }),
      );
      return { channel: publisher.channels.get(name), publisher, readers };
    }

    test(`${format}: messages arrive in the order of publishing, with rising serials`, async (t) => {
      const { channel, publisher, readers } = await cast(t);
      const results = await Promise.all(Array.from({ length: 200 }, (_, at) => channel.publish('count', `${at}`)));
      for (const reader of readers) {
        const messages = await reader.count(200);
        exactly(messages, Array.from({ length: 200 }, (_, at) => `${at}`));
        assert.deepEqual(messages.map((message) => message.serial), results.flatMap((result) => result.serials));
        for (const message of messages) {
          assert.equal(message.connectionId, publisher.connection.id);
          assert.equal(message.action, 'message.create');
          assert.ok(Math.abs(message.timestamp - Date.now()) < 60_000);
        }
      }
    });

    test(`${format}: several messages in one publish have a serial each and stay together`, async (t) => {
      const { channel, readers } = await cast(t);
      const sent = ['a', 'b', 'c'].map((name) => ({ name, data: name }));
      const { serials } = await channel.publish(sent);
      assert.equal(serials.length, 3);
      for (const reader of readers) {
        const messages = await reader.count(3);
        inOrder(messages);
        assert.deepEqual(reader.names, ['a', 'b', 'c']);
        assert.deepEqual(messages.map((message) => message.serial), serials);
      }
    });

    test(`${format}: text, JSON, bytes and nothing arrive as they were sent`, async (t) => {
      const { channel, readers } = await cast(t);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
      const values = [
        'plain',
        'Grüße, 日本語, 👩‍👩‍👧‍👦, \u0000 and \u2028',
        '',
        { deep: [{ of: [1, 2.5, -3, 1e21, null, true, 'ü'] }] },
        ['list'],
        bytes,
        Buffer.alloc(0),
      ];
      for (const value of values) await channel.publish('value', value);
      await channel.publish('nothing');
      await channel.publish({ data: 'without a name' });
      for (const reader of readers) {
        await reader.count(values.length + 2);
        const [text, unicode, empty, json, list, raw, none, nothing, nameless] = reader.messages;
        assert.deepEqual([text.data, unicode.data, empty.data], values.slice(0, 3));
        assert.deepEqual([json.data, list.data], values.slice(3, 5));
        assert.deepEqual(Buffer.from(raw.data), bytes);
        assert.equal(Buffer.from(none.data).length, 0);
        assert.equal(nothing.data ?? null, null);
        assert.equal(nameless.name ?? null, null);
      }
    });

    test(`${format}: extras and clientId travel along`, async (t) => {
      const { channel, readers } = await cast(t);
      const extras = { headers: { kind: 'test', count: 3, flag: true }, ref: { type: 'reply', timeserial: 'x' } };
      await channel.publish({ name: 'extras', data: 'd', extras, clientId: 'ada' });
      for (const reader of readers) {
        const [message] = await reader.count(1);
        assert.deepEqual(message.extras, extras);
        assert.equal(message.clientId, 'ada');
      }
    });

    test(`${format}: a message of exactly the limit passes, one byte more is refused and the connection stays`, async (t) => {
      const { channel, publisher, readers } = await cast(t);
      const limit = 65_536;
      const name = 'large';
      await channel.publish(name, 'x'.repeat(limit - name.length));
      // The SDK knows the limit from CONNECTED and refuses by itself; then it is made to forget.
      const own = await refusal(channel.publish(name, 'x'.repeat(limit - name.length + 1)));
      publisher.options.maxMessageSize = 10 * limit;
      const error = await refusal(channel.publish(name, 'x'.repeat(limit - name.length + 1)));
      assert.deepEqual([own.code, error.code], [40009, 40009]);
      await channel.publish('after', 'all is well');
      for (const reader of readers) {
        await reader.count(2);
        assert.equal(reader.messages[0].data.length, limit - name.length);
      }
      assert.equal(publisher.connection.state, 'connected');
    });
  }

  test('with echoMessages off a publisher does not hear itself, others do', async (t) => {
    const name = channelName();
    const silent = await connect(t, server, { echoMessages: false });
    const other = await connect(t, server);
    const own = await Recorder.on(silent.channels.get(name));
    const others = await Recorder.on(other.channels.get(name));
    await silent.channels.get(name).publish('mine', 'mine');
    await other.channels.get(name).publish('theirs', 'theirs');
    await others.count(2);
    await own.has('theirs');
    assert.deepEqual(own.data, ['theirs']);
  });

  test('a channel that is not attached can be published to', async (t) => {
    const name = channelName();
    const reader = await Recorder.on((await connect(t, server)).channels.get(name));
    const publisher = await connect(t, server);
    await publisher.channels.get(name).publish('transient', 'hello');
    await reader.count(1);
    assert.equal(publisher.channels.get(name).state, 'initialized');
  });

  test('an ephemeral message is delivered and not stored', async (t) => {
    const name = channelName();
    const client = await connect(t, server);
    const channel = client.channels.get(name);
    const reader = await Recorder.on(channel);
    await channel.publish({ name: 'typing', data: 'e', extras: { ephemeral: true } });
    await channel.publish('kept', 'k');
    await reader.count(2);
    const history = await channel.history();
    assert.deepEqual(history.items.map((item) => item.data), ['k']);
  });
});
