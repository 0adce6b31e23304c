// Rights that change while a connection is open: new tokens, tokens that expire, keys that are revoked (SEC-1).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect, open, rest } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { Recorder, Stream, exactly } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { next, refusal, state, until } from '../lib/wait.js';

/** An authCallback that makes tokens with `make` and counts them. */
function issuer(make) {
  const callback = (_, done) => {
    callback.count += 1;
    Promise.resolve(make(callback.count)).then((token) => done(null, token), (error) => done(error, null));
  };
  callback.count = 0;
  return callback;
}

describe('a new token on an open connection', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: the connection goes on and says so`, async (t) => {
      const authCallback = issuer(() => jwt({ clientId: 'ada' }));
      const client = await connect(t, server, { authCallback, useBinaryProtocol });
      const channel = client.channels.get(channelName());
      const recorder = await Recorder.on(channel);
      const { id } = client.connection;
      const states = [];
      client.connection.on(['connected', 'connecting', 'disconnected', 'failed', 'update'], (change) => states.push(change.current));
      const update = next(client.connection, 'update');
      await client.auth.authorize();
      await update;
      await channel.publish('n', 'after');
      await recorder.has('after');
      assert.equal(client.connection.id, id);
      assert.deepEqual(states, ['connected'], 'one update, no change');
      assert.equal(authCallback.count, 2);
    });

    test(`${format}: wider rights hold at once`, async (t) => {
      const name = channelName();
      const rights = [{ [name]: ['subscribe'] }, { [name]: ['subscribe', 'publish'] }];
      const authCallback = issuer((count) => jwt({ capability: rights[count - 1] }));
      const client = await connect(t, server, { authCallback, useBinaryProtocol });
      const channel = client.channels.get(name);
      const error = await refusal(channel.publish('n', 'too early'));
      assert.equal(error.code, 40160);
      await client.auth.authorize();
      await channel.publish('n', 'now');
    });

    test(`${format}: narrower rights fail the channel that lost them, and only that`, async (t) => {
      const [lost, kept] = [channelName('lost'), channelName('kept')];
      const rights = [{ [lost]: ['*'], [kept]: ['*'] }, { [kept]: ['*'] }];
      const authCallback = issuer((count) => jwt({ capability: rights[count - 1] }));
      const client = await connect(t, server, { authCallback, useBinaryProtocol });
      const heard = await Recorder.on(client.channels.get(lost));
      const recorder = await Recorder.on(client.channels.get(kept));
      const failed = next(client.channels.get(lost), 'failed');
      await client.auth.authorize();
      assert.equal((await failed).reason.code, 40160);
      const writer = await connect(t, server);
      await writer.channels.get(lost).publish('n', 'secret');
      await writer.channels.get(kept).publish('n', 'open');
      await recorder.has('open');
      assert.deepEqual(heard.data, []);
      assert.equal(client.connection.state, 'connected');
    });

    test(`${format}: rights to publish that are taken away are taken away at once`, async (t) => {
      const name = channelName();
      const rights = [{ [name]: ['*'] }, { [name]: ['subscribe'] }];
      const authCallback = issuer((count) => jwt({ capability: rights[count - 1] }));
      const client = await connect(t, server, { authCallback, useBinaryProtocol });
      const channel = client.channels.get(name);
      await channel.attach();
      await channel.publish('n', 'permitted');
      await client.auth.authorize();
      const error = await refusal(channel.publish('n', 'refused'));
      assert.ok([40160, 40165].includes(error.code), `${error}`);
      assert.equal(channel.state, 'attached');
    });
  }

  test('a token of another client is refused', async (t) => {
    const client = await connect(t, server, { token: jwt({ clientId: 'ada' }) });
    const error = await refusal(client.auth.authorize(null, { token: jwt({ clientId: 'eve' }) }));
    assert.ok([40102, 40012, 40101].includes(error.code), `${error}`);
    await state(client.connection, 'failed');
  });
});

describe('tokens that expire', () => {
  const server = Server.shared();
  const TTL_MS = 2_000;

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: are renewed while messages flow, none lost or doubled`, async (t) => {
      const name = channelName();
      const token = rest(server);
      const subscribing = issuer(() => jwt({ clientId: 'reader', ttl_ms: TTL_MS }));
      const publishing = issuer(() => token.auth.requestToken({ clientId: 'writer', ttl: TTL_MS }));
      const reader = await connect(t, server, { authCallback: subscribing, useBinaryProtocol });
      const writer = await connect(t, server, { authCallback: publishing, useBinaryProtocol });
      const recorder = await Recorder.on(reader.channels.get(name));
      const ids = [reader.connection.id, writer.connection.id];
      const began_ms = Date.now();
      const stream = new Stream(writer.channels.get(name));
      await until('three tokens are over', () => Date.now() - began_ms > 3 * TTL_MS);
      const all = await stream.stop();
      await recorder.has(all.at(-1));
      exactly(recorder.messages, all);
      assert.deepEqual([reader.connection.id, writer.connection.id], ids);
      for (const { count } of [subscribing, publishing]) {
        assert.ok(count >= 3 && count <= 9, `${count} tokens were asked for`);
      }
    });
  }

  test('a token without a way to renew it ends the connection when it expires', async (t) => {
    const client = await connect(t, server, { token: jwt({ ttl_ms: 1_500 }) });
    await state(client.connection, 'failed');
    assert.ok([40142, 40171].includes(client.connection.errorReason.code), `${client.connection.errorReason}`);
  });

  test('an expired token is replaced before the first connection', async (t) => {
    const authCallback = issuer((count) => jwt({ ttl_ms: count === 1 ? -60_000 : 60_000 }));
    const client = open(t, server, { authCallback });
    await state(client.connection, 'connected');
    assert.equal(authCallback.count, 2);
  });

  test('a REST request with one is told so, in the way that clients act on', async () => {
    const answer = await fetch(`${server.url}/channels/x/messages`, {
      headers: { authorization: `Bearer ${jwt({ ttl_ms: -60_000 })}` },
    });
    assert.equal(answer.status, 401);
    assert.equal((await answer.json()).error.code, 40142);
  });
});

describe('a revoked key', () => {
  const server = Server.shared();

  /** Makes a key on the running server, by its command. */
  async function newKey() {
    const key = await server.command('keys', 'create', '--app', 'app');
    const usable = async () => (await server.fetch('/channels/x/messages', { key })).status === 200;
    await until('the server knows the new key', usable);
    return key;
  }

  test('ends its connections and its tokens within a second or so, and no others', async (t) => {
    const key = await newKey();
    const [keyName, secret] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    const byKey = await connect(t, server, { key });
    const byToken = await connect(t, server, { token: jwt({ keyName, secret }), useBinaryProtocol: false });
    const bystander = await connect(t, server);
    const ended = [byKey, byToken].map((client) => next(client.connection, 'failed', 5_000));
    const revoked = await server.command('keys', 'revoke', keyName);
    const began_ms = performance.now();
    assert.match(revoked, /revoked/);
    const [keyEnd, tokenEnd] = await Promise.all(ended);
    const took_ms = performance.now() - began_ms;
    assert.ok(took_ms < 1_500, `it took ${took_ms} ms`);
    assert.ok([40131, 40101, 40141].includes(keyEnd.reason.code), `${keyEnd.reason}`);
    assert.ok([40131, 40141, 40171].includes(tokenEnd.reason.code), `${tokenEnd.reason}`);
    assert.equal((await server.fetch('/channels/x/messages', { key })).status, 401);
    await bystander.channels.get(channelName()).publish('n', 'not concerned');
    const again = open(t, server, { key });
    await state(again.connection, 'failed');
  });

  test('a client with a token of a revoked key asks for another one and goes on', async (t) => {
    const key = await newKey();
    const [keyName, secret] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    const authCallback = issuer((count) => (count === 1 ? jwt({ keyName, secret }) : jwt()));
    const client = await connect(t, server, { authCallback });
    const channel = client.channels.get(channelName());
    const recorder = await Recorder.on(channel);
    await channel.publish('n', 'before');
    const lost = next(client.connection, 'disconnected', 5_000);
    await server.command('keys', 'revoke', keyName);
    assert.equal((await lost).reason.code, 40141);
    await state(client.connection, 'connected');
    await channel.publish('n', 'after');
    await recorder.has('after');
    exactly(recorder.messages, ['before', 'after']);
    assert.equal(authCallback.count, 2);
  });
});
