// Readers that fall behind, by absence or by slowness, further than memory reaches: they are served from history.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect } from '../lib/clients.js';
import { Proxy } from '../lib/proxy.js';
import { Recorder, exactly } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { next, refusal, state, until } from '../lib/wait.js';

/** What a message carries; large ones fill the sockets on the way with few messages. */
const payload = (at, bytes) => `${at}:${'x'.repeat(bytes)}`;

describe('falling behind', () => {
  const server = Server.shared('--realtime-recent-bytes-per-partition', '64KiB');

  /** Publishes `count` messages from `from` on, more in one go than the server keeps in memory. */
  async function publish(channel, from, count, bytes = 500) {
    const sent = Array.from({ length: count }, (_, at) => payload(from + at, bytes));
    await Promise.all(sent.map((data) => channel.publish('bulk', data)));
    return sent;
  }

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: an absent reader catches up on everything when it is back`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const writer = (await connect(t, server)).channels.get(name);
      const client = await connect(t, proxy, { useBinaryProtocol });
      const recorder = await Recorder.on(client.channels.get(name));
      const sent = await publish(writer, 0, 10);
      await recorder.has(sent.at(-1));
      proxy.refuse(true);
      const lost = next(client.connection, 'disconnected');
      proxy.cut();
      await lost;
      sent.push(...(await publish(writer, 10, 1_000)));
      proxy.refuse(false);
      await state(client.connection, 'connected');
      sent.push(...(await publish(writer, 1_010, 100)));
      await recorder.has(sent.at(-1));
      exactly(recorder.messages, sent);
    });

    test(`${format}: a reader that takes nothing for a while loses nothing and holds up nobody`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const writer = (await connect(t, server)).channels.get(name);
      const slow = await connect(t, proxy, { useBinaryProtocol });
      const recorder = await Recorder.on(slow.channels.get(name));
      const fast = await Recorder.on((await connect(t, server, { useBinaryProtocol })).channels.get(name));
      const { id } = slow.connection;
      proxy.dam();
      const sent = [];
      // Far beyond what the sockets on the way can hold.
      for (let round = 0; round < 8; round += 1) sent.push(...(await publish(writer, round * 50, 50, 50_000)));
      await fast.count(sent.length);
      proxy.flow();
      sent.push(...(await publish(writer, 400, 100)));
      await recorder.has(sent.at(-1));
      exactly(recorder.messages, sent);
      assert.equal(slow.connection.id, id);
    });
  }
});

describe('bounds of one connection', () => {
  const server = Server.shared(
    ...['--realtime-max-inbound-rate-per-second', '20'],
    ...['--realtime-max-presence-members-per-connection', '5'],
    ...['--realtime-max-presence-members-per-channel', '8'],
  );

  test('a publisher beyond its rate is told so, and goes on later', async (t) => {
    const client = await connect(t, server);
    const channel = client.channels.get(channelName());
    const answers = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => channel.publish('n', `${at}`)));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    assert.ok(refused.length >= 30, `${refused.length} were refused`);
    for (const { reason } of refused) assert.deepEqual([reason.code, reason.statusCode], [42911, 429]);
    const later = async () => channel.publish('n', 'later').then(() => true, () => false);
    await until('the rate permits again', later);
    assert.equal(client.connection.state, 'connected');
  });

  test('a member too many is refused, on the connection and on the channel', async (t) => {
    const name = channelName();
    const enter = async (client, from, count) => {
      const { presence } = client.channels.get(name);
      await client.channels.get(name).attach();
      for (let at = from; at < from + count; at += 1) await presence.enterClient(`member-${at}`);
      return presence;
    };
    const first = await enter(await connect(t, server), 0, 5);
    assert.equal((await refusal(first.enterClient('member-5'))).code, 91003);
    const second = await enter(await connect(t, server), 5, 3);
    assert.equal((await refusal(second.enterClient('member-8'))).code, 91003);
    await first.leaveClient('member-0');
    await second.enterClient('member-8');
    await until('eight are there', async () => (await second.get()).length === 8);
  });
});
