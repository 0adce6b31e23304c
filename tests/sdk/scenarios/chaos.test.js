// Everything at once: several publishers and readers behind links that fail at random, and a server that is killed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Burst } from '../lib/burst.js';
import { channelName, connect, pages, rest } from '../lib/clients.js';
import { Proxy } from '../lib/proxy.js';
import { Recorder, inOrder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { state, until } from '../lib/wait.js';

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 8);
const PAIRS = 4;

/** Numbers in [0, 1) that a seed repeats (a 32-bit multiply-with-carry). */
function random(seed) {
  let [low, high] = [seed | 1, 987_654_321];
  return () => {
    high = (36_969 * (high & 65_535) + (high >>> 16)) >>> 0;
    low = (18_000 * (low & 65_535) + (low >>> 16)) >>> 0;
    return (((high << 16) + (low & 65_535)) >>> 0) / 2 ** 32;
  };
}

/** What can happen to a link. */
const FAULTS = {
  cut: (proxy) => proxy.cut(),
  stall: (proxy) => proxy.stall(),
  deaf: (proxy) => proxy.halfOpen(),
  away: (proxy) => {
    proxy.refuse(true);
    proxy.cut();
    const seen = proxy.accepted;
    // Open again after the next attempt; the attempts of clients that are idle come late.
    const again = setInterval(() => {
      if (proxy.accepted === seen) return;
      proxy.refuse(false);
      clearInterval(again);
    }, 10).unref();
  },
};

describe('chaos', () => {
  test(`${ROUNDS} faults under load, seed ${SEED}`, { timeout: 110_000 }, async (t) => {
    const pick = random(SEED);
    const choose = (list) => list[Math.floor(pick() * list.length)];
    const server = await Server.start(t, '--realtime-max-idle-interval', '1s', '--realtime-recent-bytes-per-partition', '128KiB');
    const names = [channelName('a'), channelName('b')];
    const proxies = [];
    const join = async (at) => {
      const proxy = await Proxy.start(t, server);
      proxies.push(proxy);
      return connect(t, proxy, { clientId: `client-${at}`, useBinaryProtocol: at % 2 === 0, realtimeRequestTimeout: 1_000 });
    };
    const writers = await Promise.all(Array.from({ length: PAIRS }, (_, at) => join(at)));
    const readers = await Promise.all(Array.from({ length: PAIRS }, (_, at) => join(PAIRS + at)));
    const channelOf = (client, at) => client.channels.get(names[at % names.length]);
    const recorders = await Promise.all(readers.map((client, at) => Recorder.on(channelOf(client, at))));
    await Promise.all([...writers, ...readers].map((client, at) => channelOf(client, at % PAIRS).presence.enter(`of ${at}`)));
    const bursts = writers.map((client, at) => new Burst(channelOf(client, at), `${at}:`));

    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(bursts.map((burst) => burst.more(20, 40_000)));
      if (round % 6 === 5) await server.restart();
      else for (const proxy of proxies) if (pick() < 0.4) FAULTS[choose(Object.keys(FAULTS))](proxy);
    }
    await Promise.all([...writers, ...readers].map((client) => state(client.connection, 'connected', 40_000)));
    await Promise.all(bursts.map((burst) => burst.more(20, 40_000)));
    await Promise.all(bursts.map((burst) => burst.stop()));
    assert.deepEqual(bursts.flatMap((burst) => burst.failed), []);

    for (const [at, recorder] of recorders.entries()) {
      const mine = bursts.filter((_, of) => of % names.length === at % names.length);
      const total = mine.reduce((sum, burst) => sum + burst.sent.length, 0);
      await until(`reader ${at} has ${total} messages, it has ${recorder.messages.length}`, () => recorder.messages.length >= total);
      inOrder(recorder.messages);
      // Each publisher's messages are all there, in its order.
      for (const burst of mine) assert.deepEqual(recorder.data.filter((data) => data.startsWith(burst.prefix)), burst.sent);
      assert.equal(recorder.messages.length, total);
      const serials = new Map(mine.flatMap((burst) => burst.acknowledged).map(({ data, serial }) => [data, serial]));
      for (const message of recorder.messages) assert.equal(message.serial, serials.get(message.data));
    }
    for (const [at, name] of names.entries()) {
      const stored = await pages(rest(server).channels.get(name).history({ direction: 'forwards', limit: 1_000 }));
      assert.deepEqual(stored.map((message) => message.serial), recorders[at].messages.map((message) => message.serial));
      const there = [...writers, ...readers].filter((_, of) => of % names.length === at).map((client) => client.auth.clientId).sort();
      const present = async () => (await rest(server).channels.get(name).presence.get()).items.map((member) => member.clientId).sort();
      await until(`the members are ${there}`, async () => (await present()).join() === there.join(), 20_000);
      const seen = async () => (await channelOf(readers[at], at).presence.get()).map((member) => member.clientId).sort();
      await until(`a reader sees ${there}`, async () => (await seen()).join() === there.join(), 20_000);
    }
  });
});
