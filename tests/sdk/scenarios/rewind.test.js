// Starting in the past: rewind by count and by time, and history that meets the live stream exactly (CUT-1).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, pages } from '../lib/clients.js';
import { Recorder, Stream, exactly, inOrder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { next, until } from '../lib/wait.js';

describe('rewind and history until attach', () => {
  const server = Server.shared();

  /** Attaches with a rewind to a channel on which `count` messages were published. */
  async function rewound(t, useBinaryProtocol, rewind, publish) {
    const name = channelName();
    const writer = (await connect(t, server)).channels.get(name);
    await publish(writer);
    const reader = await connect(t, server, { useBinaryProtocol });
    const channel = reader.channels.get(name, { params: { rewind } });
    const attached = next(channel, 'attached');
    const recorder = await Recorder.on(channel);
    return { recorder, writer, attached: await attached };
  }

  const five = async (writer) => {
    for (const data of ['1', '2', '3', '4', '5']) await writer.publish('old', data);
  };

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: rewind by count gives the last ones, then what is new`, async (t) => {
      const { recorder, writer, attached } = await rewound(t, useBinaryProtocol, '3', five);
      assert.equal(attached.hasBacklog, true);
      await writer.publish('new', '6');
      await recorder.has('6');
      exactly(recorder.messages, ['3', '4', '5', '6']);
    });

    test(`${format}: rewind by time gives what is young enough`, async (t) => {
      const { recorder, writer } = await rewound(t, useBinaryProtocol, '1s', async (writer) => {
        await writer.publish('old', 'too old');
        const published_ms = Date.now();
        await until('the message is older than a second', () => Date.now() - published_ms > 1_200);
        await writer.publish('old', 'young');
      });
      await writer.publish('new', 'live');
      await recorder.has('live');
      exactly(recorder.messages, ['young', 'live']);
    });

    test(`${format}: rewind over everything, in minutes`, async (t) => {
      const { recorder } = await rewound(t, useBinaryProtocol, '2m', five);
      await recorder.has('5');
      exactly(recorder.messages, ['1', '2', '3', '4', '5']);
    });

    test(`${format}: rewind counts messages, not publishes`, async (t) => {
      const { recorder, writer } = await rewound(t, useBinaryProtocol, '2', async (writer) => {
        await writer.publish('old', 'x');
        await writer.publish(['a', 'b', 'c'].map((data) => ({ name: 'old', data })));
      });
      await writer.publish('new', 'd');
      await recorder.has('d');
      exactly(recorder.messages, ['b', 'c', 'd']);
    });

    test(`${format}: rewind on an empty channel gives nothing and says so`, async (t) => {
      const { recorder, writer, attached } = await rewound(t, useBinaryProtocol, '10', async () => {});
      assert.ok(!attached.hasBacklog);
      await writer.publish('new', '1');
      await recorder.has('1');
      exactly(recorder.messages, ['1']);
    });

    test(`${format}: rewind under concurrent publishing has no gap and no overlap`, async (t) => {
      const name = channelName();
      const stream = new Stream((await connect(t, server)).channels.get(name));
      await stream.more(30);
      const client = await connect(t, server, { useBinaryProtocol });
      const recorder = await Recorder.on(client.channels.get(name, { params: { rewind: '20' } }));
      await stream.more(30);
      const all = await stream.stop();
      await recorder.has(all.at(-1));
      const first = all.indexOf(recorder.data[0]);
      exactly(recorder.messages, all.slice(first));
      assert.ok(recorder.messages.length >= 50);
    });

    test(`${format}: history until attach and the live stream are disjoint and together complete`, async (t) => {
      const name = channelName();
      const streams = await Promise.all(
        ['a', 'b'].map(async (prefix) => new Stream((await connect(t, server)).channels.get(name), prefix)),
      );
      for (const limit of [7, 100, 1_000]) {
        await streams[0].more(20);
        const client = await connect(t, server, { useBinaryProtocol });
        const channel = client.channels.get(name);
        const live = await Recorder.on(channel);
        await streams[1].more(20);
        const before = await pages(channel.history({ untilAttach: true, limit }));
        await streams[0].more(5);
        const seen = [...before.reverse(), ...live.messages];
        inOrder(seen);
        // Each publisher's own messages have no hole up to the last one seen.
        for (const { prefix } of streams) {
          const own = seen.map((message) => message.data).filter((data) => data.startsWith(prefix));
          assert.deepEqual(own, own.map((_, at) => `${prefix}${at}`));
        }
        assert.ok(before.length > 0 && live.messages.length > 0);
        await channel.detach();
      }
      await Promise.all(streams.map((stream) => stream.stop()));
    });
  }

  test('a second attach without rewind starts at the present', async (t) => {
    const { recorder, writer } = await rewound(t, true, '1', five);
    await recorder.has('5');
    const name = writer.name;
    const plain = await Recorder.on((await connect(t, server)).channels.get(name));
    await writer.publish('new', '6');
    await plain.has('6');
    exactly(plain.messages, ['6']);
  });
});
