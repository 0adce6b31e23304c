// Members and observers whose network goes away: short losses go unnoticed, long ones end a presence.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FORMATS, channelName, connect } from '../lib/clients.js';
import { has, ids, watch } from '../lib/members.js';
import { Proxy } from '../lib/proxy.js';
import { Server } from '../lib/server.js';
import { next, state, until } from '../lib/wait.js';

describe('presence and the network', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: a member stays through a short loss of its network, unnoticed by others`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const events = await watch((await connect(t, server, { useBinaryProtocol })).channels.get(name));
      const ada = await connect(t, proxy, { clientId: 'ada', useBinaryProtocol });
      const { id } = ada.connection;
      await ada.channels.get(name).presence.enter('here');
      await has(events, 'enter ada here');
      const lost = next(ada.connection, 'disconnected');
      proxy.cut();
      await lost;
      await state(ada.connection, 'connected');
      assert.equal(ada.connection.id, id);
      await ada.channels.get(name).presence.update('still here');
      await has(events, 'update ada still here');
      assert.deepEqual(events, ['enter ada here', 'update ada still here']);
    });

    test(`${format}: a member leaves when its client closes, detaches, or stays away too long`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const name = channelName();
      const events = await watch((await connect(t, server, { useBinaryProtocol })).channels.get(name));
      const enter = async (target, clientId, more) => {
        const client = await connect(t, target, { clientId, useBinaryProtocol, ...more });
        await client.channels.get(name).presence.enter('here');
        await has(events, `enter ${clientId} here`);
        return client;
      };
      (await enter(server, 'closes')).close();
      await has(events, 'leave closes here');
      await (await enter(server, 'detaches')).channels.get(name).detach();
      await has(events, 'leave detaches here');
      await enter(proxy, 'vanishes', { transportParams: { remainPresentFor: 500 } });
      proxy.refuse(true);
      const began_ms = performance.now();
      proxy.cut();
      await has(events, 'leave vanishes here');
      const took_ms = performance.now() - began_ms;
      assert.ok(took_ms >= 450 && took_ms < 3_000, `it took ${took_ms} ms`);
    });
  }

  test('entering while the network is away happens when it is back', async (t) => {
    const proxy = await Proxy.start(t, server);
    const name = channelName();
    const events = await watch((await connect(t, server)).channels.get(name));
    const ada = await connect(t, proxy, { clientId: 'ada' });
    await ada.channels.get(name).attach();
    proxy.refuse(true);
    const lost = next(ada.connection, 'disconnected');
    proxy.cut();
    await lost;
    const entering = ada.channels.get(name).presence.enter('late');
    proxy.refuse(false);
    await entering;
    await has(events, 'enter ada late');
  });

  test('an observer that was away learns who came and who left meanwhile', async (t) => {
    const proxy = await Proxy.start(t, server);
    const name = channelName();
    const observer = await connect(t, proxy);
    const channel = observer.channels.get(name);
    const events = await watch(channel);
    const [leaver, stayer] = await Promise.all(['leaver', 'stayer'].map((clientId) => connect(t, server, { clientId })));
    await leaver.channels.get(name).presence.enter('x');
    await stayer.channels.get(name).presence.enter('x');
    await has(events, 'enter leaver x');
    await has(events, 'enter stayer x');
    proxy.refuse(true);
    const lost = next(observer.connection, 'disconnected');
    proxy.cut();
    await lost;
    await leaver.channels.get(name).presence.leave();
    const comer = await connect(t, server, { clientId: 'comer' });
    await comer.channels.get(name).presence.enter('x');
    proxy.refuse(false);
    await state(observer.connection, 'connected');
    await until('the picture is right', async () => ids(await channel.presence.get()).join() === 'comer,stayer');
    assert.ok(events.includes('leave leaver x'));
  });
});
