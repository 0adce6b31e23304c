// Attaching: modes, params, names, detaching; and what the rights of a token let through.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { Recorder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { next, refusal } from '../lib/wait.js';

describe('attach', () => {
  const server = Server.shared('--realtime-max-channels-per-connection', '20');

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: without modes everything usual is granted`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName());
      const change = await channel.attach();
      assert.equal(change.resumed, false);
      const modes = channel.modes.map((mode) => mode.toUpperCase());
      for (const mode of ['PUBLISH', 'SUBSCRIBE', 'PRESENCE', 'PRESENCE_SUBSCRIBE']) assert.ok(modes.includes(mode), mode);
      assert.deepEqual(channel.params, {});
    });

    test(`${format}: only the modes asked for are granted, and enforced`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const name = channelName();
      const mute = client.channels.get(name, { modes: ['SUBSCRIBE'] });
      await mute.attach();
      assert.deepEqual(mute.modes.map((mode) => mode.toUpperCase()), ['SUBSCRIBE']);
      const error = await refusal(mute.publish('x', 'x'));
      assert.equal(error.code, 40165);
      assert.equal(mute.state, 'attached');
      const deaf = (await connect(t, server, { useBinaryProtocol })).channels.get(name, { modes: ['PUBLISH'] });
      await deaf.attach();
      const heard = [];
      deaf.subscribe((message) => heard.push(message));
      const reader = await Recorder.on(mute);
      await deaf.publish('one', '1');
      await reader.count(1);
      await deaf.publish('two', '2');
      await reader.count(2);
      assert.deepEqual(heard, []);
    });

    test(`${format}: modes can be changed while attached`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName(), { modes: ['SUBSCRIBE'] });
      const reader = await Recorder.on(channel);
      await channel.setOptions({ modes: ['SUBSCRIBE', 'PUBLISH'] });
      await channel.publish('now', 'allowed');
      await reader.count(1);
    });

    test(`${format}: detached means no more messages; attached again, no old ones`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const other = await connect(t, server, { useBinaryProtocol });
      const name = channelName();
      const channel = client.channels.get(name);
      const reader = await Recorder.on(channel);
      await other.channels.get(name).publish('before', '1');
      await reader.count(1);
      await channel.detach();
      await other.channels.get(name).publish('between', '2');
      await channel.attach();
      await other.channels.get(name).publish('after', '3');
      await reader.has('3');
      assert.deepEqual(reader.data, ['1', '3']);
    });

    test(`${format}: names that cannot be are refused with 40010, the connection stays`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      for (const name of [':colon', 'line\nbreak', 'line\rbreak', 'line\u2028break', 'x'.repeat(2_100), '']) {
        const error = await refusal(client.channels.get(name).attach());
        assert.equal(error.code, 40010, JSON.stringify(name));
      }
      const error = await refusal(client.channels.get(':publish').publish('x', 'x'));
      assert.equal(error.code, 40010);
      assert.equal(client.connection.state, 'connected');
    });

    test(`${format}: names of every script and sign work`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      for (const name of ['a b', ' a ', 'a\tb', 'räume/ü', '部屋', 'a,b?c=d&e#f%2F', 'x:y::$chat', '👩‍🚀']) {
        const channel = client.channels.get(`${channelName()}${name}`);
        const reader = await Recorder.on(channel);
        await channel.publish('name', name);
        await reader.has(name);
        assert.equal((await channel.history()).items[0].data, name);
      }
    });

    test(`${format}: what a token does not permit is refused with 40160, the connection stays`, async (t) => {
      const [reading, writing, none] = [channelName('reading'), channelName('writing'), channelName('none')];
      const token = jwt({ clientId: 'ada', capability: { [reading]: ['subscribe'], [writing]: ['publish'] } });
      const client = await connect(t, server, { token, useBinaryProtocol });
      const codes = [
        await refusal(client.channels.get(none).attach()),
        await refusal(client.channels.get(`${none}-too`).publish('x', 'x')),
        await refusal(client.channels.get(reading).publish('x', 'x')),
        await refusal(client.channels.get(reading).history()),
        await refusal(client.channels.get(writing).history()),
      ].map((error) => error.code);
      assert.deepEqual(codes, [40160, 40160, 40160, 40160, 40160]);
      assert.equal(client.channels.get(none).state, 'failed');
      await client.channels.get(writing).publish('x', 'permitted');
      await client.channels.get(reading).attach();
      const entering = await refusal(client.channels.get(reading).presence.enter());
      assert.ok([40160, 40165].includes(entering.code), `${entering}`);
      assert.equal(client.connection.state, 'connected');
    });
  }

  test('params that are not known are not echoed', async (t) => {
    const client = await connect(t, server);
    const channel = client.channels.get(channelName(), { params: { rewind: '3', fancy: 'yes' } });
    await channel.attach();
    assert.deepEqual(channel.params, { rewind: '3' });
  });

  test('a channel too many is refused, the others go on', async (t) => {
    const client = await connect(t, server);
    const names = Array.from({ length: 20 }, () => channelName());
    await Promise.all(names.map((name) => client.channels.get(name).attach()));
    const error = await refusal(client.channels.get(channelName()).attach());
    assert.equal(error.code, 90010);
    const reader = await Recorder.on(client.channels.get(names[7]));
    await client.channels.get(names[7]).publish('still', 'here');
    await reader.count(1);
    await client.channels.get(names[0]).detach();
    await client.channels.get(channelName()).attach();
  });

  test('a wildcard capability covers what its pattern says', async (t) => {
    const token = jwt({ capability: { 'room:*': ['publish', 'subscribe'] } });
    const client = await connect(t, server, { token });
    await client.channels.get(`room:${channelName()}`).attach();
    const error = await refusal(client.channels.get('other').attach());
    assert.equal(error.code, 40160);
  });

  test('a failed channel can be attached later, under new rights', async (t) => {
    const name = channelName();
    const tokens = [jwt({ capability: { other: ['*'] } }), jwt({ capability: { [name]: ['*'] } })];
    const client = await connect(t, server, { authCallback: (_, done) => done(null, tokens.shift()) });
    const channel = client.channels.get(name);
    const failed = next(channel, 'failed');
    await refusal(channel.attach());
    assert.equal((await failed).reason.code, 40160);
    await client.auth.authorize();
    await channel.attach();
  });
});
