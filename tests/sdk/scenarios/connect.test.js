// Who may connect, with what, and as whom.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, open, rest } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { Recorder } from '../lib/recorder.js';
import { KEY_NAME, Server } from '../lib/server.js';
import { next, refusal, state } from '../lib/wait.js';

describe('connect', () => {
  const server = Server.shared();

  /** Connects and shows that it works: a publish comes back. */
  async function lives(t, more) {
    const client = await connect(t, server, more);
    const channel = client.channels.get(channelName());
    const reader = await Recorder.on(channel);
    await channel.publish('hello', 'there');
    await reader.count(1);
    return { client, message: reader.messages[0] };
  }

  /** The error with which a connection fails for good. */
  async function fails(t, more) {
    const client = open(t, server, more);
    await state(client.connection, 'failed');
    return client.connection.errorReason;
  }

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: with a key`, async (t) => {
      const { client, message } = await lives(t, { useBinaryProtocol });
      assert.match(client.connection.id, /^[\w-]+$/);
      assert.match(client.connection.key, /^[\w.~!-]+$/, 'the key goes into URLs as it is');
      assert.equal(message.clientId ?? null, null);
    });

    test(`${format}: with a token from authCallback`, async (t) => {
      const issuer = rest(server, { useBinaryProtocol });
      const authCallback = (params, done) => {
        issuer.auth.requestToken({ ...params, clientId: 'ada' }).then((token) => done(null, token), (error) => done(error, null));
      };
      const { client, message } = await lives(t, { authCallback, useBinaryProtocol });
      assert.equal(client.auth.clientId, 'ada');
      assert.equal(message.clientId, 'ada');
    });

    test(`${format}: with a signed token request from authCallback`, async (t) => {
      const issuer = rest(server);
      const authCallback = (params, done) => {
        issuer.auth.createTokenRequest({ ...params, clientId: 'bea' }).then((request) => done(null, request), (error) => done(error, null));
      };
      const { client } = await lives(t, { authCallback, useBinaryProtocol });
      assert.equal(client.auth.clientId, 'bea');
      assert.equal(client.auth.tokenDetails.keyName ?? KEY_NAME, KEY_NAME);
    });

    test(`${format}: with a JWT made elsewhere`, async (t) => {
      const { client, message } = await lives(t, { token: jwt({ clientId: 'cleo' }), useBinaryProtocol });
      assert.equal(client.auth.clientId, 'cleo');
      assert.equal(message.clientId, 'cleo');
    });

    test(`${format}: a key with a clientId of the application's choice`, async (t) => {
      const { client, message } = await lives(t, { clientId: 'dora', useBinaryProtocol });
      assert.equal(client.auth.clientId, 'dora');
      assert.equal(message.clientId, 'dora');
    });
  }

  test('a wrong secret, an unknown key and an unknown app are refused for good', async (t) => {
    const wrong = await fails(t, { key: `${KEY_NAME}:wrongwrong` });
    assert.deepEqual([wrong.code, wrong.statusCode], [40101, 401]);
    const unknown = await fails(t, { key: 'app.nokey:secretsecret' });
    assert.deepEqual([unknown.code, unknown.statusCode], [40101, 401]);
    const noApp = await fails(t, { key: 'noapp.key:secretsecret' });
    assert.deepEqual([noApp.code, noApp.statusCode], [40400, 404]);
  });

  test('a token that nobody signed, or that is expired without a way to renew it, is refused', async (t) => {
    const forged = await fails(t, { token: jwt({ secret: 'not the secret of this key at all' }) });
    assert.ok([40101, 40144, 40171].includes(forged.code), `${forged}`);
    const expired = await fails(t, { token: jwt({ ttl_ms: -60_000 }) });
    assert.ok([40142, 40171].includes(expired.code), `${expired}`);
  });

  test('a token of one client cannot connect as another', async (t) => {
    const error = await fails(t, { token: jwt({ clientId: 'ada' }), clientId: 'eve' });
    assert.ok([40101, 40102, 40012].includes(error.code), `${error}`);
  });

  test('an anonymous token gives no name to messages', async (t) => {
    const { client, message } = await lives(t, { token: jwt() });
    assert.equal(message.clientId ?? null, null);
    const error = await refusal(client.channels.get(channelName()).publish({ name: 'n', clientId: 'eve' }));
    assert.equal(error.code, 40012);
    assert.equal(client.connection.state, 'connected');
  });

  test('a wildcard token may speak for anybody', async (t) => {
    const client = await connect(t, server, { token: jwt({ clientId: '*' }) });
    const channel = client.channels.get(channelName());
    const reader = await Recorder.on(channel);
    await channel.publish({ name: 'n', clientId: 'anyone' });
    const [message] = await reader.count(1);
    assert.equal(message.clientId, 'anyone');
  });

  test('time is told, ping answered, close confirmed', async (t) => {
    const client = await connect(t, server);
    assert.ok(Math.abs((await client.time()) - Date.now()) < 10_000);
    assert.ok((await client.connection.ping()) < 5_000);
    const closed = next(client.connection, 'closed');
    client.close();
    assert.equal((await closed).current, 'closed');
    assert.equal(client.connection.id ?? null, null);
  });

  test('a closed client can connect again, as a new connection', async (t) => {
    const client = await connect(t, server);
    const { id } = client.connection;
    client.close();
    await state(client.connection, 'closed');
    client.connect();
    await state(client.connection, 'connected');
    assert.notEqual(client.connection.id, id);
  });
});
