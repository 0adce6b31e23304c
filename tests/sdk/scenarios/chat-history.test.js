// The past of a room: page by page both ways, by time, and exactly up to where a listener began to hear.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OrderBy } from '@ably/chat';
import { chat, enter, hear, plain } from '../lib/chat.js';
import { FORMATS, channelName, pages } from '../lib/clients.js';
import { Server } from '../lib/server.js';
import { refusal } from '../lib/wait.js';

const texts = (messages) => messages.map((message) => message.text);
const numbers = (count, from = 0) => Array.from({ length: count }, (_, at) => `${from + at}`);

async function say(room, all) {
  const sent = [];
  for (const text of all) sent.push(await room.messages.send({ text }));
  return sent;
}

describe('history of a room', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    async function room(t, name = channelName('room')) {
      return (await chat(t, server, { clientId: 'ada', useBinaryProtocol })).rooms.get(name);
    }

    test(`${format}: pages follow one another in both directions, and nothing else of the channel is in them`, async (t) => {
      const ada = await room(t);
      const all = numbers(23);
      for (const text of all) {
        await ada.messages.send({ text });
        if (Number(text) % 4 === 0) await ada.channel.publish('other', 'not of the room');
      }
      for (const [orderBy, expected] of [[OrderBy.OldestFirst, all], [OrderBy.NewestFirst, all.toReversed()]]) {
        const first = await ada.messages.history({ orderBy, limit: 5 });
        assert.deepEqual(texts(first.items), expected.slice(0, 5));
        assert.equal(first.hasNext(), true);
        const second = await first.next();
        assert.deepEqual(texts(second.items), expected.slice(5, 10));
        assert.deepEqual(plain((await second.first()).items), plain(first.items));
        assert.deepEqual(plain((await second.current()).items), plain(second.items));
        assert.deepEqual(texts(await pages(ada.messages.history({ orderBy, limit: 5 }))), expected);
      }
    });

    test(`${format}: a walk is not disturbed by what is said meanwhile`, async (t) => {
      const ada = await room(t);
      await say(ada, numbers(10));
      let page = await ada.messages.history({ limit: 3 });
      const seen = [];
      for (; page; page = page.hasNext() ? await page.next() : null) {
        seen.push(...texts(page.items));
        await say(ada, ['meanwhile']);
      }
      assert.deepEqual(seen, numbers(10).toReversed());
    });

    test(`${format}: a span of time has its messages, its ends included`, async (t) => {
      const ada = await room(t);
      const [first] = await say(ada, ['early']);
      while (Date.now() <= first.timestamp.getTime() + 1) await new Promise(setImmediate);
      const [second] = await say(ada, ['late']);
      const [start, end] = [second.timestamp.getTime(), first.timestamp.getTime()];
      assert.ok(end < start);
      assert.deepEqual(texts((await ada.messages.history({ start })).items), ['late']);
      assert.deepEqual(texts((await ada.messages.history({ end })).items), ['early']);
      assert.deepEqual(texts((await ada.messages.history({ start: end, end: start })).items), ['late', 'early']);
      const error = await refusal(ada.messages.history({ start, end }));
      assert.deepEqual([error.code, error.statusCode], [40003, 400]);
    });

    test(`${format}: what was before a subscription and what it hears are disjoint and together complete`, async (t) => {
      const name = channelName('room');
      const grace = await enter(await chat(t, server, { clientId: 'grace' }), name);
      const ada = await room(t, name);
      let talking = true;
      const said = [];
      const talk = (async () => {
        for (let at = 0; talking; at += 1) said.push(...(await say(grace, [`${at}`])));
      })();
      while (said.length < 20) await new Promise(setImmediate);
      const ear = hear(ada);
      await ada.attach();
      const goal = said.length + 20;
      while (said.length < goal) await new Promise(setImmediate);
      talking = false;
      await talk;
      const before = await pages(ear.subscription.historyBeforeSubscribe({ limit: 7 }));
      assert.ok(before.length >= 20);
      await ear.count(said.length - before.length);
      assert.deepEqual(plain([...before.toReversed(), ...ear.messages]), plain(said));
    });

    test(`${format}: a second listener of an attached room has its own beginning`, async (t) => {
      const ada = await room(t);
      await ada.attach();
      const first = hear(ada);
      await say(ada, ['one', 'two']);
      await first.count(2);
      const second = hear(ada);
      await say(ada, ['three']);
      await second.count(1);
      const before = async (ear) => texts((await ear.subscription.historyBeforeSubscribe({ limit: 50 })).items);
      assert.deepEqual([await before(first), await before(second)], [[], ['two', 'one']]);
      assert.deepEqual([first.texts, second.texts], [['one', 'two', 'three'], ['three']]);
    });

    test(`${format}: a message that is not there is not found`, async (t) => {
      const ada = await room(t);
      const elsewhere = await room(t);
      const [other] = await say(elsewhere, ['elsewhere']);
      for (const serial of [other.serial, 'none', 'a/b c']) {
        const error = await refusal(ada.messages.get(serial));
        assert.deepEqual([error.code, error.statusCode], [40400, 404], serial);
      }
      assert.deepEqual((await ada.messages.history({})).items, []);
    });
  }
});
