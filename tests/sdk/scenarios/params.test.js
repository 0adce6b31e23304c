// Channel params beside modes and rewind by count: what a client can ask for per channel.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FORMATS, channelName, connect, rest } from '../lib/clients.js';
import { Recorder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

suite('params', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: with echo=false a publisher does not hear itself on that channel, and others do`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const other = await connect(t, server);
      const [muted, heard] = [channelName('muted'), channelName('heard')];
      const channel = client.channels.get(muted, { params: { echo: 'false' } });
      const [own, further, theirs] = [
        await Recorder.on(channel),
        await Recorder.on(client.channels.get(heard)),
        await Recorder.on(other.channels.get(muted)),
      ];
      assert.deepEqual(channel.params, { echo: 'false' });
      await channel.publish('own', '1');
      await client.channels.get(heard).publish('own', '2');
      await other.channels.get(muted).publish('other', '3');
      await theirs.has('3');
      await own.has('3');
      await further.has('2');
      assert.deepEqual([own.data, theirs.data], [['3'], ['1', '3']]);
      await channel.setOptions({ params: { echo: 'true' } });
      await channel.publish('own', '4');
      await own.has('4');
      assert.deepEqual(own.data, ['3', '4']);
    });

    test(`${format}: echo=true does not undo what the client chose for all its channels`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol, echoMessages: false });
      const other = await connect(t, server);
      const channel = client.channels.get(channelName(), { params: { echo: 'true' } });
      const own = await Recorder.on(channel);
      await channel.publish('own', '1');
      await other.channels.get(channel.name).publish('other', '2');
      await own.has('2');
      assert.deepEqual(own.data, ['2']);
    });

    test(`${format}: one's own presence is heard with echo=false`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol, clientId: 'ada' });
      const channel = client.channels.get(channelName(), { params: { echo: 'false' } });
      const entered = new Promise((resolve) => channel.presence.subscribe('enter', resolve));
      await channel.presence.enter('here');
      assert.equal((await entered).data, 'here');
    });

    test(`${format}: rewindLimit takes the newest of a span`, async (t) => {
      const name = channelName();
      const writer = rest(server).channels.get(name);
      for (const data of ['1', '2', '3', '4']) await writer.publish('old', data);
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(name, { params: { rewind: '2m', rewindLimit: '2' } });
      const reader = await Recorder.on(channel);
      await writer.publish('new', '5');
      await reader.has('5');
      assert.deepEqual(reader.data, ['3', '4', '5']);
      assert.deepEqual(channel.params, { rewind: '2m', rewindLimit: '2' });
    });

    test(`${format}: numbers and booleans are params too`, async (t) => {
      const name = channelName();
      const writer = rest(server).channels.get(name);
      for (const data of ['1', '2']) await writer.publish('old', data);
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(name, { params: { rewind: 1, echo: false } });
      const reader = await Recorder.on(channel);
      await channel.publish('own', '3');
      await writer.publish('new', '4');
      await reader.has('4');
      assert.deepEqual(reader.data, ['2', '4']);
    });

    test(`${format}: values that a param cannot have fail the channel with 40000, not the connection`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      for (const params of [
        { rewind: '-1' },
        { rewind: '1h' },
        { rewind: '' },
        { rewind: '2m', rewindLimit: 'few' },
        { echo: 'perhaps' },
        { modes: 'everything' },
      ]) {
        const error = await refusal(client.channels.get(channelName(), { params }).attach());
        assert.deepEqual([error.code, error.statusCode], [40000, 400], JSON.stringify(params));
      }
      assert.equal(client.connection.state, 'connected');
    });
  }
});
