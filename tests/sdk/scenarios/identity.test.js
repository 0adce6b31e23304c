// Who may speak and be present as whom, and what a client is told about who it is.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FORMATS, channelName, connect, rest } from '../lib/clients.js';
import { jwt } from '../lib/jwt.js';
import { ids } from '../lib/members.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

suite('identity', () => {
  const server = Server.shared();
  const token = async (params) => (await rest(server).auth.requestToken(params)).token;
  const about = ({ code, statusCode }) => [code, statusCode];

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: a token for any client lets it choose, per member and per message`, async (t) => {
      const client = await connect(t, server, { token: await token({ clientId: '*' }), useBinaryProtocol });
      assert.equal(client.auth.clientId, '*');
      const channel = client.channels.get(channelName());
      await channel.presence.enterClient('ada', 'a');
      await channel.presence.enterClient('bob', 'b');
      await channel.presence.updateClient('bob', 'c');
      await channel.presence.leaveClient('ada');
      assert.deepEqual(ids(await channel.presence.get()), ['bob']);
      await channel.publish({ name: 'x', clientId: 'eve' });
      assert.equal((await channel.history()).items[0].clientId, 'eve');
      assert.deepEqual(about(await refusal(channel.presence.enterClient('*'))), [40012, 400]);
    });

    test(`${format}: a client that has chosen its name has that one alone`, async (t) => {
      for (const credentials of [{}, { token: await token({ clientId: '*' }) }, { token: await token({ clientId: 'ada' }) }]) {
        const client = await connect(t, server, { ...credentials, clientId: 'ada', useBinaryProtocol });
        assert.equal(client.auth.clientId, 'ada');
        const channel = client.channels.get(channelName());
        await channel.publish({ name: 'x' });
        await channel.presence.enter();
        assert.equal((await channel.history()).items[0].clientId, 'ada');
        assert.deepEqual(ids(await channel.presence.get()), ['ada']);
        assert.deepEqual(about(await refusal(channel.presence.enterClient('bob'))), [40012, 400]);
      }
    });

    test(`${format}: whoever has no name has none to give`, async (t) => {
      const client = await connect(t, server, { token: await token(), useBinaryProtocol });
      assert.equal(client.auth.clientId, undefined);
      const channel = client.channels.get(channelName());
      assert.deepEqual(about(await refusal(channel.publish({ name: 'x', clientId: 'ada' }))), [40012, 400]);
      assert.deepEqual(about(await refusal(channel.presence.enterClient('ada'))), [40012, 400]);
      assert.deepEqual(about(await refusal(channel.presence.enter())), [40012, 400]);
    });

    test(`${format}: over REST the same`, async () => {
      const name = channelName();
      const reader = rest(server, { useBinaryProtocol }).channels.get(name);
      await rest(server, { clientId: 'ada', useBinaryProtocol }).channels.get(name).publish('x', '1');
      await rest(server, { token: await token({ clientId: 'bob' }), useBinaryProtocol }).channels.get(name).publish('x', '2');
      await rest(server, { token: await token({ clientId: '*' }), useBinaryProtocol })
        .channels.get(name)
        .publish({ name: 'x', clientId: 'eve' });
      await rest(server, { token: jwt(), useBinaryProtocol }).channels.get(name).publish('x', '4');
      const { items } = await reader.history({ direction: 'forwards' });
      assert.deepEqual(items.map((item) => item.clientId ?? null), ['ada', 'bob', 'eve', null]);
    });
  }

  test('a token says what it gives: by default an hour, and what its key may', async () => {
    const details = await rest(server).auth.requestToken();
    assert.equal(details.expires - details.issued, 3_600_000);
    assert.equal(details.clientId, undefined);
    const limited = await rest(server).auth.requestToken({
      ttl: 5_000,
      clientId: 'ada',
      capability: { z: ['subscribe', 'publish', 'publish'], a: ['history'] },
    });
    assert.equal(limited.expires - limited.issued, 5_000);
    assert.equal(limited.clientId, 'ada');
    assert.equal(limited.capability, '{"a":["history"],"z":["publish","subscribe"]}');
  });

  test('what no token can be is refused with its reason', async () => {
    for (const [params, expected] of [
      [{ ttl: -1 }, [40003, 400]],
      [{ ttl: 25 * 3_600_000 }, [40003, 400]],
      [{ capability: { a: ['publish_'] } }, [40000, 400]],
      [{ capability: { a: ['*', 'publish'] } }, [40000, 400]],
      [{ capability: { a: [] } }, [40000, 400]],
      [{ capability: {} }, [40160, 401]],
    ]) {
      assert.deepEqual(about(await refusal(rest(server).auth.requestToken(params))), expected, JSON.stringify(params));
    }
  });

  test('a wildcard stands for one part of a name, at the end for all that follow', async (t) => {
    const base = channelName();
    const capability = { [`${base}:*:news`]: ['publish'], [`${base}:all:*`]: ['publish'], [`${base}:li*`]: ['publish'] };
    const client = await connect(t, server, { token: jwt({ capability }) });
    const publish = (name) => client.channels.get(`${base}:${name}`).publish('x', 'x');
    for (const name of ['a:news', 'b:news', 'all:a', 'all:a:b', 'li*']) await publish(name);
    for (const name of ['a:b:news', 'news', 'a:news:b', 'list', 'all']) {
      assert.deepEqual(about(await refusal(publish(name))), [40160, 401], name);
    }
  });
});
