// Who is there: members enter, change, leave; others see it, and find it in history.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, pages } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { has, ids, watch } from '../lib/members.js';
import { Server } from '../lib/server.js';
import { refusal, until } from '../lib/wait.js';

describe('presence', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: enter, update and leave are seen by others, of both formats, in order`, async (t) => {
      const name = channelName();
      const watchers = await Promise.all(
        FORMATS.map(async (other) => {
          const client = await connect(t, server, { useBinaryProtocol: other.useBinaryProtocol });
          return { events: await watch(client.channels.get(name)), channel: client.channels.get(name) };
        }),
      );
      const ada = await connect(t, server, { clientId: 'ada', useBinaryProtocol });
      const { presence } = ada.channels.get(name);
      await presence.enter('hello');
      for (const { channel } of watchers) {
        const [member] = await until('ada is there', async () => {
          const members = await channel.presence.get();
          return members.length > 0 && members;
        });
        assert.deepEqual([member.clientId, member.data, member.connectionId], ['ada', 'hello', ada.connection.id]);
        assert.equal(member.action, 'present');
      }
      await presence.update('busy');
      await presence.leave('bye');
      for (const { events, channel } of watchers) {
        await has(events, 'leave ada bye');
        assert.deepEqual(events, ['enter ada hello', 'update ada busy', 'leave ada bye']);
        assert.deepEqual(await channel.presence.get(), []);
      }
    });

    test(`${format}: data of every kind arrives as it was sent`, async (t) => {
      const name = channelName();
      const observer = await connect(t, server, { useBinaryProtocol: !useBinaryProtocol });
      const client = await connect(t, server, { useBinaryProtocol });
      const bytes = Buffer.from([0, 1, 2, 255]);
      const values = { text: 'Grüße', json: { mood: ['ok', 1] }, bytes };
      await client.channels.get(name).attach();
      for (const [clientId, data] of Object.entries(values)) await client.channels.get(name).presence.enterClient(clientId, data);
      const members = await observer.channels.get(name).presence.get();
      const data = Object.fromEntries(members.map((member) => [member.clientId, member.data]));
      assert.equal(data.text, 'Grüße');
      assert.deepEqual(data.json, { mood: ['ok', 1] });
      assert.deepEqual(Buffer.from(data.bytes), bytes);
    });

    test(`${format}: 250 members reach a late comer over several pages`, async (t) => {
      const name = channelName();
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(name);
      await channel.attach();
      const expected = Array.from({ length: 250 }, (_, at) => `member-${String(at).padStart(3, '0')}`);
      await Promise.all(expected.map((clientId) => channel.presence.enterClient(clientId, `of ${clientId}`)));
      const late = await connect(t, server, { useBinaryProtocol });
      const members = await late.channels.get(name).presence.get();
      assert.deepEqual(ids(members), expected);
      assert.ok(members.every((member) => member.data === `of ${member.clientId}`));
      await Promise.all(expected.slice(0, 100).map((clientId) => channel.presence.leaveClient(clientId)));
      await until('100 have left', async () => (await late.channels.get(name).presence.get()).length === 150);
    });

    test(`${format}: presence history tells what happened, and pages`, async (t) => {
      const name = channelName();
      const ada = await connect(t, server, { clientId: 'ada', useBinaryProtocol });
      const channel = ada.channels.get(name);
      await channel.presence.enter('1');
      await channel.presence.update('2');
      await channel.presence.leave('3');
      const story = (await pages(channel.presence.history({ direction: 'forwards', limit: 2 }))).map((event) => `${event.action} ${event.data}`);
      assert.deepEqual(story, ['enter 1', 'update 2', 'leave 3']);
      const backwards = (await pages(channel.presence.history({ limit: 1 }))).map((event) => event.data);
      assert.deepEqual(backwards, ['3', '2', '1']);
    });
  }

  test('a new subscriber is told who is there, then what changes', async (t) => {
    const name = channelName();
    const ada = await connect(t, server, { clientId: 'ada' });
    await ada.channels.get(name).presence.enter('1');
    const events = await watch((await connect(t, server)).channels.get(name));
    await has(events, 'present ada 1');
    await ada.channels.get(name).presence.update('2');
    await has(events, 'update ada 2');
    assert.deepEqual(events, ['present ada 1', 'update ada 2']);
  });

  test('members are filtered by client and connection', async (t) => {
    const name = channelName();
    const [ada, bea] = await Promise.all(['ada', 'bea'].map((clientId) => connect(t, server, { clientId })));
    await ada.channels.get(name).presence.enter();
    await bea.channels.get(name).presence.enter();
    const { presence } = ada.channels.get(name);
    await until('both are there', async () => (await presence.get()).length === 2);
    assert.deepEqual(ids(await presence.get({ clientId: 'bea' })), ['bea']);
    assert.deepEqual(ids(await presence.get({ connectionId: ada.connection.id })), ['ada']);
  });

  test('one client on two devices is two members', async (t) => {
    const name = channelName();
    const devices = await Promise.all([1, 2].map(() => connect(t, server, { clientId: 'ada' })));
    await devices[0].channels.get(name).presence.enter('phone');
    await devices[1].channels.get(name).presence.enter('desk');
    const { presence } = devices[0].channels.get(name);
    await until('both are there', async () => (await presence.get()).length === 2);
    await devices[1].channels.get(name).presence.leave();
    await until('one is left', async () => (await presence.get()).length === 1);
    assert.equal((await presence.get())[0].data, 'phone');
  });

  test('who may not enter as somebody else does not', async (t) => {
    const client = await connect(t, server, { token: jwt({ clientId: 'ada' }) });
    const channel = client.channels.get(channelName());
    await channel.attach();
    const error = await refusal(channel.presence.enterClient('eve', 'x'));
    assert.equal(error.code, 40012);
    const nobody = (await connect(t, server, { token: jwt() })).channels.get(channelName());
    await nobody.attach();
    assert.ok([40012, 91000].includes((await refusal(nobody.presence.enter())).code));
    assert.deepEqual(await channel.presence.get(), []);
  });
});
