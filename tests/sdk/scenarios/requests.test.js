// The client's own requests: whatever path, the answer with its status, its error and its pages.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FORMATS, channelName, pages, rest } from '../lib/clients.js';
import { KEY_NAME, Server } from '../lib/server.js';

const VERSION = 6;

suite('requests', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    const client = () => rest(server, { useBinaryProtocol });
    const messages = (name) => `/channels/${name}/messages`;

    test(`${format}: what is there is answered with its status and items`, async () => {
      const path = messages(channelName());
      const one = await client().request('post', path, VERSION, {}, { name: 'a', data: 'b' });
      assert.deepEqual([one.statusCode, one.success, one.items.length], [201, true, 1]);
      assert.equal(one.items[0].serials.length, 1);
      const two = await client().request('post', path, VERSION, {}, [{ name: 'b' }, { name: 'c' }]);
      assert.equal(two.items[0].serials.length, 2);
      const first = await client().request('get', path, VERSION, { limit: 1, direction: 'forwards' });
      assert.deepEqual((await pages(first)).map((item) => item.name), ['a', 'b', 'c']);
      const second = await first.next();
      assert.equal((await second.first()).items[0].name, 'a');
      assert.equal((await second.current()).items[0].name, 'b');
      assert.equal((await client().request('get', '/time', VERSION)).items.length, 1);
    });

    test(`${format}: what is not there is answered with its code, and is no exception`, async () => {
      const path = messages(channelName());
      const table = [
        ['get', '/nothing', {}, undefined, 404, 40400],
        ['delete', '/time', {}, undefined, 405, 40500],
        ['put', path, {}, {}, 405, 40500],
        ['get', path, { limit: 1_001 }, undefined, 400, 40003],
        ['get', path, { limit: 0 }, undefined, 400, 40003],
        ['get', path, { start: 2, end: 1 }, undefined, 400, 40003],
        ['get', path, { direction: 'sideways' }, undefined, 400, 40003],
        ['get', '/channels/%3Ax/messages', {}, undefined, 400, 40010],
        ['post', path, {}, [], 400, 40000],
        ['post', path, {}, { data: 7 }, 400, 40013],
        ['post', path, {}, { data: 'x'.repeat(70_000) }, 400, 40009],
        ['post', `/keys/${KEY_NAME}/requestToken`, {}, [], 400, 40000],
      ];
      for (const [method, at, params, body, status, code] of table) {
        const answer = await client().request(method, at, VERSION, params, body);
        const seen = [answer.success, answer.statusCode, answer.errorCode];
        assert.deepEqual(seen, [false, status, code], `${method} ${at} ${JSON.stringify(params)}`);
        assert.equal(typeof answer.errorMessage, 'string');
      }
    });
  }

  test('what is accepted goes before the format in the query', async () => {
    for (const [query, accept, type] of [
      ['', '*/*', 'application/json'],
      ['?format=msgpack', '*/*', 'application/x-msgpack'],
      ['?format=msgpack', 'application/json', 'application/json'],
      ['', 'application/x-msgpack', 'application/x-msgpack'],
    ]) {
      const answer = await server.fetch(`/nothing${query}`, { headers: { accept } });
      assert.equal(answer.headers.get('content-type'), type);
      assert.equal(answer.headers.get('x-ably-errorcode'), '40400');
    }
  });
});
