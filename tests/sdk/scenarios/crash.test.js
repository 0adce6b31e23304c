// The server dies at any moment: clients come back by themselves, and nothing acknowledged is lost or doubled.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Burst } from '../lib/burst.js';
import { FORMATS, channelName, connect, pages } from '../lib/clients.js';
import { Recorder, exactly } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { next, state, until } from '../lib/wait.js';

const KILLS = 3;

/** Waits until the client is connected to the server that runs now, not to the one before. */
async function backAfter(clients, outage) {
  const lost = clients.map((client) => next(client.connection, 'disconnected'));
  await outage();
  await Promise.all(lost);
  await Promise.all(clients.map((client) => state(client.connection, 'connected')));
}

describe('kill -9 and restart', () => {
  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: killed ${KILLS} times under load: every acknowledged message once, for readers and in history`, async (t) => {
      const server = await Server.start(t);
      const name = channelName();
      const writer = await connect(t, server, { useBinaryProtocol });
      const reader = await connect(t, server, { useBinaryProtocol });
      const recorder = await Recorder.on(reader.channels.get(name));
      const ids = [writer.connection.id, reader.connection.id];
      const burst = new Burst(writer.channels.get(name));
      for (let kill = 0; kill < KILLS; kill += 1) {
        await burst.more(100);
        await backAfter([writer, reader], () => server.restart());
        assert.deepEqual([writer.connection.id, reader.connection.id], ids, 'the connections are the same');
      }
      await burst.more(100);
      const acknowledged = await burst.stop();
      assert.deepEqual(burst.failed, []);
      await recorder.has(burst.sent.at(-1));
      exactly(recorder.messages, burst.sent);
      const serials = new Map(acknowledged.map(({ data, serial }) => [data, serial]));
      for (const message of recorder.messages) assert.equal(message.serial, serials.get(message.data));
      const stored = (await pages(reader.channels.get(name).history({ limit: 1_000 }))).reverse();
      exactly(stored, burst.sent);
    });
  }

  test('what is published while the server is down is sent when it is back', async (t) => {
    const server = await Server.start(t);
    const name = channelName();
    const writer = await connect(t, server);
    const recorder = await Recorder.on((await connect(t, server)).channels.get(name));
    const { id } = writer.connection;
    let answers;
    const sent = Array.from({ length: 30 }, (_, at) => `${at}`);
    await backAfter([writer], async () => {
      await server.kill();
      await state(writer.connection, 'disconnected');
      answers = sent.map((data) => writer.channels.get(name).publish('queued', data));
      await server.launch();
    });
    await Promise.all(answers);
    await recorder.has('29');
    exactly(recorder.messages, sent);
    assert.equal(writer.connection.id, id);
  });

  test('members that are connected are present again, and nobody is left behind', async (t) => {
    const server = await Server.start(t, '--realtime-presence-grace', '1s');
    const name = channelName();
    const members = await Promise.all(['ada', 'bea', 'cleo'].map((clientId) => connect(t, server, { clientId })));
    const observer = await connect(t, server);
    await Promise.all(members.map((client) => client.channels.get(name).presence.enter(`${client.auth.clientId} is here`)));
    const watched = observer.channels.get(name).presence;
    const present = async () => (await watched.get()).map((member) => member.clientId).sort();
    await until('all are present', async () => (await present()).length === 3);
    // One of them goes while the server is down, and does not come back.
    await backAfter([members[0], members[1], observer], async () => {
      await server.kill();
      members[2].connection.off();
      members[2].close();
      await server.launch();
    });
    await until('the two are back', async () => (await present()).join() === 'ada,bea');
    const [ada] = await watched.get({ clientId: 'ada' });
    assert.equal(ada.data, 'ada is here');
    // And they stay: the grace of connections from before the crash passes without a leave.
    const left = [];
    await watched.subscribe('leave', (member) => left.push(member.clientId));
    const restarted_ms = Date.now();
    await until('the grace is over', () => Date.now() - restarted_ms > 2_500);
    assert.deepEqual(await present(), ['ada', 'bea']);
    assert.deepEqual(left, []);
  });

  test('a server that has lost its data says so: another connection, channels not resumed', async (t) => {
    const server = await Server.start(t);
    const name = channelName();
    const client = await connect(t, server);
    const channel = client.channels.get(name);
    const recorder = await Recorder.on(channel);
    const { id } = client.connection;
    await channel.publish('n', 'lost');
    await recorder.has('lost');
    const told = [];
    channel.on(['attached', 'update'], (change) => told.push(change.resumed));
    await backAfter([client], async () => {
      await server.kill();
      server.loseData();
      await server.launch();
    });
    assert.notEqual(client.connection.id, id);
    assert.ok(client.connection.errorReason, 'with the reason');
    await until('the channel is attached again', () => told.length > 0);
    assert.deepEqual(told, [false]);
    await channel.publish('n', 'new');
    await recorder.has('new');
    assert.deepEqual((await channel.history()).items.map((item) => item.data), ['new']);
  });
});

describe('SIGTERM', () => {
  test('clients are told to come back, the process ends by itself, and the next one goes on', async (t) => {
    const server = await Server.start(t);
    const name = channelName();
    const writer = await connect(t, server);
    const reader = await connect(t, server, { useBinaryProtocol: false });
    const recorder = await Recorder.on(reader.channels.get(name));
    const ids = [writer.connection.id, reader.connection.id];
    const burst = new Burst(writer.channels.get(name));
    await burst.more(50);
    const told = next(reader.connection, 'disconnected');
    await backAfter([writer, reader], async () => {
      const { code, took_ms } = await server.terminate();
      assert.equal(code, 0);
      assert.ok(took_ms < 10_000, `it took ${took_ms} ms`);
      await server.launch();
    });
    const { reason } = await told;
    assert.deepEqual([reason.code, reason.statusCode], [80003, 400]);
    await burst.more(50);
    await burst.stop();
    assert.deepEqual(burst.failed, []);
    await recorder.has(burst.sent.at(-1));
    exactly(recorder.messages, burst.sent);
    assert.deepEqual([writer.connection.id, reader.connection.id], ids);
  });

  test('without clients it ends at once', async (t) => {
    const server = await Server.start(t);
    const { code, took_ms } = await server.terminate();
    assert.equal(code, 0);
    assert.ok(took_ms < 3_000, `it took ${took_ms} ms`);
  });
});
