// What a message carries beside its data: encodings, extras, names, as they were sent.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FORMATS, channelName, connect, rest } from '../lib/clients.js';
import { Recorder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

suite('encodings', () => {
  const server = Server.shared();
  const post = async (name, body, query = '') => {
    const headers = { 'content-type': 'application/json' };
    const path = `/channels/${encodeURIComponent(name)}/messages${query}`;
    return (await server.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: encodings arrive as far as nobody on the way can undo them`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const name = channelName();
      const reader = await Recorder.on(client.channels.get(name));
      const table = [
        [{ data: 'x', encoding: 'foo/bar' }, 'x', 'foo/bar'],
        [{ data: '{"a":1}', encoding: 'json' }, { a: 1 }, null],
        [{ data: 'YWJj', encoding: 'base64' }, Buffer.from('abc'), null],
        [{ data: 'YWJj', encoding: 'utf-8/base64' }, 'abc', null],
        [{ data: 'eyJhIjoxfQ==', encoding: 'json/utf-8/base64' }, { a: 1 }, null],
        [{ data: 'YWJj', encoding: 'foo/base64' }, Buffer.from('abc'), 'foo'],
        [{ data: { a: [1] } }, { a: [1] }, null],
      ];
      for (const [sent] of table) await post(name, sent);
      await reader.count(table.length);
      table.forEach(([sent, data, encoding], at) => {
        const message = reader.messages[at];
        assert.deepEqual([message.data, message.encoding ?? null], [data, encoding], JSON.stringify(sent));
      });
      const { items } = await rest(server, { useBinaryProtocol }).channels.get(name).history({ direction: 'forwards' });
      assert.deepEqual(items.map((item) => item.data), table.map(([, data]) => data));
    });

    test(`${format}: names and data that are empty or absent stay so`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName());
      const reader = await Recorder.on(channel);
      await channel.publish('name', '');
      await channel.publish({ name: '', data: 'data' });
      await channel.publish('name', null);
      await channel.publish(null, 'data');
      await channel.publish({});
      await reader.count(5);
      const seen = reader.messages.map(({ name, data }) => [name ?? null, data ?? null]);
      assert.deepEqual(seen, [['name', ''], ['', 'data'], ['name', null], [null, 'data'], [null, null]]);
    });

    test(`${format}: headers are flat, or they are refused with 40032`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName());
      const reader = await Recorder.on(channel);
      const headers = { text: 'x', number: 1.5, flag: true };
      await channel.publish({ name: 'x', extras: { headers } });
      await reader.count(1);
      assert.deepEqual(reader.messages[0].extras, { headers });
      for (const extras of [{ headers: { deep: { er: 1 } } }, { headers: ['x'] }, { headers: 'x' }]) {
        const error = await refusal(channel.publish({ name: 'x', extras }));
        assert.deepEqual([error.code, error.statusCode], [40032, 400], JSON.stringify(extras));
      }
    });

    test(`${format}: a REST publish can be ephemeral by a param`, async (t) => {
      const client = await connect(t, server, { useBinaryProtocol });
      const channel = client.channels.get(channelName());
      const reader = await Recorder.on(channel);
      await rest(server, { useBinaryProtocol }).channels.get(channel.name).publish('passing', 'x', { ephemeral: 'true' });
      await reader.has('x');
      assert.deepEqual((await channel.history()).items, []);
    });
  }

  test('a form is a message', async (t) => {
    const client = await connect(t, server);
    const channel = client.channels.get(channelName());
    const reader = await Recorder.on(channel);
    const body = new URLSearchParams({ name: 'from a form', data: 'a b' });
    const answer = await server.fetch(`/channels/${channel.name}/messages`, { method: 'POST', body });
    assert.equal(answer.status, 201);
    await reader.count(1);
    assert.deepEqual([reader.messages[0].name, reader.messages[0].data], ['from a form', 'a b']);
  });
});
