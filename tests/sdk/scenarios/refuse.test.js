// What the REST API refuses, and how: limits, rights, token requests, and what this release does not have.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, rest } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { KEY_NAME, Server } from '../lib/server.js';
import { refusal, until } from '../lib/wait.js';

describe('REST refusals', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    const client = () => rest(server, { useBinaryProtocol });

    test(`${format}: what is too large, misnamed or not permitted is refused`, async () => {
      const large = rest(server, { useBinaryProtocol, maxMessageSize: 10_000_000 });
      const codes = [
        await refusal(large.channels.get(channelName()).publish('n', 'x'.repeat(65_536))),
        await refusal(client().channels.get(':colon').publish('n', 'd')),
      ].map((error) => error.code);
      assert.deepEqual(codes, [40009, 40010]);
      const narrow = rest(server, { useBinaryProtocol, token: jwt({ capability: { mine: ['publish'] } }) });
      await narrow.channels.get('mine').publish('n', 'd');
      for (const attempt of [
        () => narrow.channels.get('other').publish('n', 'd'),
        () => narrow.channels.get('mine').history(),
        () => narrow.channels.get('mine').presence.get(),
      ]) {
        const error = await refusal(attempt());
        assert.deepEqual([error.code, error.statusCode], [40160, 401]);
      }
    });

    test(`${format}: time, and clear answers for what is not there yet`, async () => {
      assert.ok(Math.abs((await client().time()) - Date.now()) < 10_000);
      const attempts = [
        () => client().stats(),
        () => client().batchPublish({ channels: ['a'], messages: [{ name: 'n' }] }),
        () => client().batchPresence(['a']),
        () => client().push.admin.publish({ clientId: 'ada' }, { notification: { title: 't' } }),
        () => client().push.admin.deviceRegistrations.list({}),
        () => client().auth.revokeTokens([{ type: 'clientId', value: 'ada' }]),
      ];
      for (const attempt of attempts) {
        const error = await refusal(attempt());
        assert.deepEqual([error.code, error.statusCode], [50100, 501], error.message);
      }
      const unknown = await client().request('GET', '/no/such/path', 3, {}, null, {});
      assert.deepEqual([unknown.statusCode, unknown.errorCode], [404, 40400]);
    });
  }

  test('token requests are honoured once, within their time, and only as signed', async () => {
    const issuer = rest(server);
    const ask = (request) => server.fetch(`/keys/${KEY_NAME}/requestToken`, { method: 'POST', body: JSON.stringify(request), headers: { 'content-type': 'application/json' } });
    const request = await issuer.auth.createTokenRequest({ clientId: 'ada', ttl: 60_000 });
    const first = await ask(request);
    const token = await first.json();
    assert.ok(first.ok);
    assert.deepEqual([token.clientId, token.keyName, token.expires - token.issued], ['ada', KEY_NAME, 60_000]);
    const codes = [];
    for (const changed of [request, { ...request, nonce: 'another-nonce-of-enough-length' }, { ...(await issuer.auth.createTokenRequest()), timestamp: 1 }]) {
      const answer = await ask(changed);
      assert.equal(answer.status, 401);
      codes.push((await answer.json()).error.code);
    }
    assert.equal(codes[0], 40105);
    assert.ok([40101, 40104].includes(codes[1]) && [40101, 40104].includes(codes[2]), `${codes}`);
    const old = await issuer.auth.createTokenRequest({ timestamp: Date.now() - 3_600_000 });
    assert.equal((await (await ask(old)).json()).error.code, 40104);
  });

  test('a token gets no more than its key and its request allow', async () => {
    const issuer = rest(server);
    const tokenDetails = await issuer.auth.requestToken({ capability: { 'a:*': ['publish'] }, clientId: 'ada' });
    assert.deepEqual(JSON.parse(tokenDetails.capability), { 'a:*': ['publish'] });
    const client = rest(server, { tokenDetails });
    await client.channels.get('a:1').publish('n', 'd');
    assert.equal((await refusal(client.channels.get('b:1').publish('n', 'd'))).code, 40160);
    assert.equal((await refusal(client.channels.get('a:1').publish({ name: 'n', clientId: 'eve' }))).code, 40012);
  });

  test('the sandbox is closed unless it was asked for', async (t) => {
    assert.equal((await fetch(`${server.url}/apps`, { method: 'POST', body: '{}' })).status, 404);
    const sandbox = await Server.start(t, '--sandbox');
    const body = JSON.stringify({ keys: [{}, { capability: '{"a":["subscribe"]}' }], channels: [{ name: 'fixture', presence: [{ clientId: 'ada', data: 'd' }] }] });
    const answer = await fetch(`${sandbox.url}/apps`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    assert.equal(answer.status, 201);
    const app = await answer.json();
    const [full, narrow] = app.keys.map((key) => key.keyStr);
    const client = await connect(t, sandbox, { key: full });
    await client.channels.get('a').publish('n', 'd');
    assert.deepEqual((await client.channels.get('fixture').presence.get()).map((member) => member.clientId), ['ada']);
    assert.equal((await refusal(rest(sandbox, { key: narrow }).channels.get('a').publish('n', 'd'))).code, 40160);
    const gone = until('the connection failed', () => client.connection.state === 'failed');
    assert.equal((await sandbox.fetch(`/apps/${app.appId}`, { method: 'DELETE', key: full })).status, 204);
    await gone;
  });
});
