// Two people in a room with the published chat SDK: what one says and does, the other sees.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AUTHENTICATIONS, chat, enter, hear, listen, plain } from '../lib/chat.js';
import { FORMATS, channelName } from '../lib/clients.js';
import { inOrder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { until } from '../lib/wait.js';

describe('chat', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    for (const { authentication, of } of AUTHENTICATIONS) {
      const way = `${format}, ${authentication}`;

      /** Ada in this format and Grace in the other one, both in a room of their own. */
      async function cast(t, options) {
        const name = channelName('room');
        const ada = await chat(t, server, { ...of('ada'), useBinaryProtocol });
        const grace = await chat(t, server, { ...of('grace'), useBinaryProtocol: !useBinaryProtocol });
        return { name, ada: await enter(ada, name, options), grace: await enter(grace, name, options), clients: { ada, grace } };
      }

      test(`${way}: what one sends, both receive, as it is answered and as it is kept`, async (t) => {
        const { ada, grace } = await cast(t);
        const ears = [hear(ada), hear(grace)];
        const sent = await ada.messages.send({
          text: 'Grüße, 日本語, 👩‍👩‍👧‍👦',
          metadata: { nested: { list: [1, 2.5, null, 'x'] }, flag: true },
          headers: { kind: 'greeting', count: 3, urgent: false },
        });
        const reply = await grace.messages.send({ text: 'hello' });
        assert.deepEqual([sent.clientId, sent.action, reply.clientId], ['ada', 'message.create', 'grace']);
        assert.ok(sent.serial < reply.serial);
        assert.ok(Math.abs(sent.timestamp - Date.now()) < 60_000);
        assert.deepEqual(sent.headers, { kind: 'greeting', count: 3, urgent: false });
        assert.deepEqual(sent.metadata, { nested: { list: [1, 2.5, null, 'x'] }, flag: true });
        const kept = [await ada.messages.get(sent.serial), await grace.messages.get(reply.serial)];
        for (const ear of ears) {
          await ear.count(2);
          assert.deepEqual(ear.events.map((event) => event.type), ['message.created', 'message.created']);
          assert.deepEqual(plain(ear.messages), plain([sent, reply]));
          assert.deepEqual(plain(ear.messages), plain(kept));
        }
      });

      test(`${way}: what is undefined is left out, what is null stays`, async (t) => {
        const { ada, grace } = await cast(t);
        const ear = hear(grace);
        const headers = { none: undefined, null: null, zero: 0 };
        const sent = await ada.messages.send({ text: 'x', headers, metadata: { none: undefined, deep: { none: undefined, null: null } } });
        await ear.count(1);
        assert.deepEqual([sent.headers, sent.metadata], [{ null: null, zero: 0 }, { deep: { null: null } }]);
        assert.deepEqual(plain(ear.messages), plain([sent]));
      });

      test(`${way}: many messages at once arrive in one order, each once`, async (t) => {
        const { ada, grace } = await cast(t);
        const ears = [hear(ada), hear(grace)];
        const texts = Array.from({ length: 40 }, (_, at) => `${at}`);
        const sent = await Promise.all(texts.map((text, at) => [ada, grace][at % 2].messages.send({ text })));
        for (const ear of ears) {
          await ear.count(texts.length);
          inOrder(ear.messages.map((message) => ({ ...message, id: message.serial })));
          assert.deepEqual([...ear.texts].sort(), [...texts].sort());
        }
        assert.deepEqual(ears[0].messages, ears[1].messages);
        assert.deepEqual(sent.map((message) => message.serial).sort(), ears[0].messages.map((message) => message.serial));
      });

      test(`${way}: typing begins and ends, and nobody stays typing for ever`, async (t) => {
        const { ada, grace, clients } = await cast(t, { typing: { heartbeatThrottleMs: 300 } });
        const changes = listen((listener) => grace.typing.subscribe(listener));
        await ada.typing.keystroke();
        const begun = await changes.find('ada types', ({ change }) => change.type === 'typing.started');
        assert.deepEqual([begun.change.clientId, [...begun.currentlyTyping]], ['ada', ['ada']]);
        await ada.typing.stop();
        const ended = await changes.find('ada stops', ({ change }) => change.type === 'typing.stopped');
        assert.deepEqual([...ended.currentlyTyping], []);
        await ada.typing.keystroke();
        await until('grace sees ada typing again', () => grace.typing.current.has('ada'));
        clients.ada.realtime.close();
        await until('ada no longer types', () => grace.typing.current.size === 0);
        assert.deepEqual((await grace.messages.history({})).items, [], 'typing is not kept');
      });

      test(`${way}: a reaction to the room reaches everybody, and only who is there`, async (t) => {
        const { ada, grace } = await cast(t);
        const seen = [ada, grace].map((room) => listen((listener) => room.reactions.subscribe(listener)));
        await ada.reactions.send({ name: '🎉', metadata: { size: 2 }, headers: { from: 'test' } });
        for (const [at, reactions] of seen.entries()) {
          const [{ reaction }] = await reactions.count(1);
          assert.deepEqual([reaction.name, reaction.clientId, reaction.isSelf], ['🎉', 'ada', at === 0]);
          assert.deepEqual([reaction.metadata, reaction.headers], [{ size: 2 }, { from: 'test' }]);
        }
        assert.deepEqual((await grace.messages.history({})).items, []);
      });

      test(`${way}: who enters, changes and leaves is seen, with data`, async (t) => {
        const { ada, grace } = await cast(t);
        const events = listen((listener) => grace.presence.subscribe(listener));
        await ada.presence.enter({ status: 'here', deep: { n: 1 } });
        await grace.presence.enter();
        const entered = await events.find('ada enters', ({ type, member }) => type === 'enter' && member.clientId === 'ada');
        assert.deepEqual(entered.member.data, { status: 'here', deep: { n: 1 } });
        await until('ada sees both', async () => (await ada.presence.get()).map((member) => member.clientId).sort().join() === 'ada,grace');
        await ada.presence.update({ status: 'away' });
        const updated = await events.find('ada is away', ({ type }) => type === 'update');
        assert.deepEqual(updated.member.data, { status: 'away' });
        assert.equal(await grace.presence.isUserPresent('ada'), true);
        await ada.presence.leave({ bye: true });
        const left = await events.find('ada leaves', ({ type }) => type === 'leave');
        assert.deepEqual([left.member.clientId, left.member.data], ['ada', { bye: true }]);
        assert.equal(await grace.presence.isUserPresent('ada'), false);
      });

      test(`${way}: occupancy counts connections and members`, async (t) => {
        const { ada, grace, name, clients } = await cast(t);
        await ada.presence.enter();
        assert.deepEqual(await grace.occupancy.get(), { connections: 2, presenceMembers: 1 });
        await clients.ada.rooms.release(name);
        const counts = () => grace.occupancy.get();
        await until('only grace is counted', async () => (await counts()).connections === 1);
        assert.deepEqual(await counts(), { connections: 1, presenceMembers: 0 });
      });
    }
  }

  test('a name with every kind of character is the same room everywhere', async (t) => {
    const [ada, grace] = await Promise.all(['ada', 'grace'].map((clientId) => chat(t, server, { clientId })));
    for (const name of ['a/b/../c', 'dms:ada:grace', 'ein Raum mit Ü', '日本語 %2F ?&#+', 'x::$chat', '$chat']) {
      const room = await enter(ada, name);
      const ear = hear(await enter(grace, name));
      const sent = await room.messages.send({ text: name });
      await ear.count(1);
      assert.deepEqual(plain((await room.messages.history({})).items), plain([sent]), name);
      assert.deepEqual(plain(ear.messages), plain([sent]));
    }
  });

  test('a room released and entered again goes on, and hears nothing twice', async (t) => {
    const name = channelName('room');
    const [ada, grace] = await Promise.all(['ada', 'grace'].map((clientId) => chat(t, server, { clientId })));
    const speaker = await enter(grace, name);
    const first = hear(await enter(ada, name));
    await speaker.messages.send({ text: 'before' });
    await first.count(1);
    await ada.rooms.release(name);
    await speaker.messages.send({ text: 'between' });
    const room = await enter(ada, name);
    const second = hear(room);
    await speaker.messages.send({ text: 'after' });
    await second.count(1);
    assert.deepEqual([first.texts, second.texts], [['before'], ['after']]);
    const missed = await second.subscription.historyBeforeSubscribe({ limit: 10 });
    assert.deepEqual(missed.items.map((message) => message.text), ['between', 'before']);
  });
});
