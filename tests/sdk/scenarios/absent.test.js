// What the SDK can ask for and this release does not have: a clear answer at once, and everything else goes on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, rest } from '../lib/clients.js';
import { Recorder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

describe('what is not there yet', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: changes of messages and annotations are refused with 50100`, async (t) => {
      const name = channelName();
      const client = await connect(t, server, { clientId: 'ada', useBinaryProtocol });
      const channel = client.channels.get(name);
      const recorder = await Recorder.on(channel);
      const [serial] = (await channel.publish('n', 'original')).serials;
      const reaction = { type: 'reaction:distinct.v1', name: 'like' };
      const web = rest(server, { useBinaryProtocol }).channels.get(name);
      for (const attempt of [
        () => channel.updateMessage({ serial, data: 'changed' }),
        () => channel.deleteMessage({ serial }),
        () => channel.appendMessage({ serial, data: 'more' }),
        () => channel.annotations.publish(serial, reaction),
        () => channel.annotations.get(serial),
        () => web.updateMessage({ serial, data: 'changed' }),
        () => web.annotations.publish(serial, reaction),
      ]) {
        const error = await refusal(attempt());
        assert.deepEqual([error.code, error.statusCode], [50100, 501], error.message);
      }
      await channel.publish('n', 'next');
      await recorder.count(2);
      assert.deepEqual((await channel.history({ direction: 'forwards' })).items.map((item) => item.data), ['original', 'next']);
      assert.equal(client.connection.state, 'connected');
    });

    test(`${format}: params of later releases are not acknowledged, messages come in full`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName(), { params: { delta: 'vcdiff' } });
      const recorder = await Recorder.on(channel);
      assert.deepEqual(channel.params, {});
      await channel.publish('n', 'a long text');
      await channel.publish('n', 'a long text with a little more');
      await recorder.count(2);
      assert.deepEqual(recorder.data, ['a long text', 'a long text with a little more']);
    });

    test(`${format}: whoever asks for occupancy events is told that none will come`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName(), { params: { occupancy: 'metrics' } });
      const error = await refusal(channel.attach());
      assert.deepEqual([error.code, error.statusCode, channel.state], [50100, 501, 'failed']);
      assert.match(error.message, /occupancy events/);
      assert.equal(client.connection.state, 'connected');
    });

    test(`${format}: qualified channel names are refused, with the reason`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      for (const name of ['[filter=abc]plain', '[meta]occupancy', '[?rewind=1]plain']) {
        const error = await refusal(client.channels.get(name).attach());
        assert.equal(error.code, 40010);
        assert.match(error.message, /not available in this release/);
      }
      assert.equal(client.connection.state, 'connected');
    });
  }
});
