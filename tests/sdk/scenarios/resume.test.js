// A network that fails: the client comes back as the same connection, and misses, doubles, reorders nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Burst } from '../lib/burst.js';
import { FORMATS, channelName, connect } from '../lib/clients.js';
import { Proxy } from '../lib/proxy.js';
import { Recorder, Stream, exactly } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { next, state, until } from '../lib/wait.js';

const CUTS = 4;

describe('resume', () => {
  const server = Server.shared('--realtime-max-idle-interval', '1s');

  /** Breaks the link in some way and waits until the client is back. */
  async function broken(client, how) {
    const lost = next(client.connection, 'disconnected');
    how();
    await lost;
    await state(client.connection, 'connected');
  }

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: a subscriber cut off ${CUTS} times sees everything once and in order`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const client = await connect(t, proxy, { useBinaryProtocol });
      const channel = client.channels.get(name);
      const recorder = await Recorder.on(channel);
      const { id } = client.connection;
      const stream = new Stream((await connect(t, server)).channels.get(name));
      for (let cut = 0; cut < CUTS; cut += 1) {
        await stream.more(15);
        await broken(client, () => proxy.cut());
        assert.equal(client.connection.id, id, 'the connection is the same');
        assert.equal(client.connection.errorReason ?? null, null);
      }
      await stream.more(15);
      const all = await stream.stop();
      await recorder.has(all.at(-1));
      exactly(recorder.messages, all);
      assert.equal(channel.state, 'attached');
    });

    test(`${format}: a publisher cut off ${CUTS} times with publishes in flight stores each once`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const recorder = await Recorder.on((await connect(t, server)).channels.get(name));
      const client = await connect(t, proxy, { useBinaryProtocol });
      const { id } = client.connection;
      const burst = new Burst(client.channels.get(name));
      for (let cut = 0; cut < CUTS; cut += 1) {
        await burst.more(40);
        await broken(client, () => proxy.cut());
        assert.equal(client.connection.id, id);
      }
      await burst.more(40);
      const acknowledged = await burst.stop();
      assert.deepEqual(burst.failed, []);
      await until('the last has come', () => recorder.messages.length >= acknowledged.length);
      exactly(recorder.messages, burst.sent);
      const serials = new Map(acknowledged.map(({ data, serial }) => [data, serial]));
      for (const message of recorder.messages) assert.equal(message.serial, serials.get(message.data));
    });

    test(`${format}: a link that dies silently is noticed, and the connection goes on over another`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const client = await connect(t, proxy, { useBinaryProtocol, realtimeRequestTimeout: 500 });
      const recorder = await Recorder.on(client.channels.get(name));
      const { id } = client.connection;
      const stream = new Stream((await connect(t, server)).channels.get(name));
      await stream.more(10);
      await broken(client, () => proxy.stall());
      await stream.more(10);
      const all = await stream.stop();
      await recorder.has(all.at(-1));
      exactly(recorder.messages, all);
      assert.equal(client.connection.id, id);
    });

    test(`${format}: when only the answers are lost, what was sent is not stored again`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const recorder = await Recorder.on((await connect(t, server)).channels.get(name));
      const client = await connect(t, proxy, { useBinaryProtocol, realtimeRequestTimeout: 500 });
      const channel = client.channels.get(name);
      await channel.publish('n', 'before');
      proxy.halfOpen();
      const waiting = ['a', 'b', 'c'].map((data) => channel.publish('n', data));
      await recorder.has('c');
      proxy.cut();
      const results = await Promise.all(waiting);
      await channel.publish('n', 'after');
      await recorder.has('after');
      exactly(recorder.messages, ['before', 'a', 'b', 'c', 'after']);
      const stored = recorder.messages.slice(1, 4).map((message) => message.serial);
      assert.deepEqual(results.flatMap((result) => result.serials), stored);
    });

    test(`${format}: what is published while cut off is sent afterwards, in order`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const recorder = await Recorder.on((await connect(t, server)).channels.get(name));
      const client = await connect(t, proxy, { useBinaryProtocol });
      const lost = next(client.connection, 'disconnected');
      proxy.refuse(true);
      proxy.cut();
      await lost;
      const queued = Array.from({ length: 20 }, (_, at) => `${at}`);
      const answers = queued.map((data) => client.channels.get(name).publish('queued', data));
      await until('some attempts were refused', () => proxy.accepted > 3);
      proxy.refuse(false);
      await Promise.all(answers);
      await recorder.has('19');
      exactly(recorder.messages, queued);
    });
  }

  for (const heartbeats of ['true', 'false']) {
    test(`a connection on which nothing happens is kept alive (heartbeats=${heartbeats})`, async (t) => {
      const client = await connect(t, server, { realtimeRequestTimeout: 500, transportParams: { heartbeats } });
      const changes = [];
      client.connection.on((change) => changes.push(change.current));
      const began_ms = performance.now();
      await until('the client would have given up twice', () => performance.now() - began_ms > 3_500);
      assert.deepEqual(changes, []);
    });
  }

  test('many channels come back together, each complete', async (t) => {
    const proxy = await Proxy.start(t, server);
    const client = await connect(t, proxy);
    const writer = await connect(t, server);
    const names = Array.from({ length: 60 }, () => channelName());
    const recorders = await Promise.all(names.map((name) => Recorder.on(client.channels.get(name))));
    const publish = (data) => Promise.all(names.map((name) => writer.channels.get(name).publish('n', data)));
    await publish('1');
    proxy.refuse(true);
    const lost = next(client.connection, 'disconnected');
    proxy.cut();
    await lost;
    await publish('2');
    proxy.refuse(false);
    await publish('3');
    for (const recorder of recorders) {
      await recorder.has('3');
      exactly(recorder.messages, ['1', '2', '3']);
    }
  });

  test('another process recovers a connection with its recovery key', async (t) => {
    const proxy = await Proxy.start(t, server);
    const name = channelName();
    const first = await connect(t, proxy);
    const before = await Recorder.on(first.channels.get(name));
    const writer = (await connect(t, server)).channels.get(name);
    await writer.publish('n', '1');
    await before.has('1');
    const { id } = first.connection;
    const recover = first.connection.createRecoveryKey();
    proxy.refuse(true);
    const lost = next(first.connection, 'disconnected');
    proxy.cut();
    await lost;
    await writer.publish('n', '2');
    const second = await connect(t, server, { recover });
    assert.equal(second.connection.id, id);
    const after = await Recorder.on(second.channels.get(name));
    await writer.publish('n', '3');
    await after.has('3');
    exactly(after.messages, ['2', '3']);
  });
});

describe('resume after the connection state is gone', () => {
  const server = Server.shared('--realtime-connection-state-ttl', '1s', '--realtime-presence-grace', '200ms');

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: a new connection, and channels that still miss nothing`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const client = await connect(t, proxy, { useBinaryProtocol });
      const channel = client.channels.get(name);
      const recorder = await Recorder.on(channel);
      const { id } = client.connection;
      const writer = (await connect(t, server)).channels.get(name);
      await writer.publish('n', '1');
      await recorder.has('1');
      proxy.refuse(true);
      const suspended = next(client.connection, 'suspended');
      proxy.cut();
      await suspended;
      await writer.publish('n', '2');
      const attached = next(channel, 'attached');
      proxy.refuse(false);
      await state(client.connection, 'connected');
      assert.notEqual(client.connection.id, id, 'it is another connection');
      const change = await attached;
      await writer.publish('n', '3');
      await recorder.has('3');
      assert.equal(change.resumed, true, 'history covers the gap, so continuity is kept and said to be');
      exactly(recorder.messages, ['1', '2', '3']);
    });
  }

  test('a connection key of nobody is answered with a new connection and the reason', async (t) => {
    const client = await connect(t, server, { recover: JSON.stringify({ connectionKey: 'not-a-key', msgSerial: 3, channelSerials: {} }) });
    assert.equal(client.connection.errorReason.code, 80018);
    await client.channels.get(channelName()).publish('n', 'works');
  });
});
