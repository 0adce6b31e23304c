// The published React hooks: a component sees the room as it is, and what it does, the others see.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ChatClientProvider,
  ChatRoomProvider,
  useChatConnection,
  useMessages,
  useOccupancy,
  usePresence,
  usePresenceListener,
  useRoom,
  useRoomReactions,
  useTyping,
} from '@ably/chat/react';
import { AUTHENTICATIONS, byJwt, chat, enter, hear, listen, plain } from '../lib/chat.js';
import { FORMATS, channelName } from '../lib/clients.js';
import { createElement, mount } from '../lib/dom.js';
import { Proxy } from '../lib/proxy.js';
import { Server } from '../lib/server.js';
import { refusal, until } from '../lib/wait.js';

/** Renders `hooks` in a room; `seen.now` is what they gave last. */
function inRoom(t, client, name, hooks, options) {
  const seen = { now: undefined };
  const Inside = () => {
    seen.now = hooks();
    return null;
  };
  const App = ({ room }) =>
    createElement(
      ChatClientProvider,
      { client },
      createElement(ChatRoomProvider, { name: room, options }, createElement(Inside)),
    );
  const { render, unmount } = mount(t, App, { room: name });
  return Object.assign(seen, { unmount, goTo: (room) => render({ room }) });
}

const attached = (seen) => until('the component is in the room', () => seen.now?.roomStatus === 'attached');

describe('chat hooks', () => {
  const server = Server.shared();
  const ways = FORMATS.map((format, at) => ({ ...format, ...AUTHENTICATIONS[at] }));

  for (const { format, useBinaryProtocol, authentication, of } of ways) {
    const way = `${format}, ${authentication}`;

    /** Ada has a component, Grace the SDK alone. */
    async function cast(t, target = server) {
      const name = channelName('room');
      const ada = await chat(t, target, { ...of('ada'), useBinaryProtocol });
      const grace = await enter(await chat(t, server, { clientId: 'grace', useBinaryProtocol }), name);
      return { name, ada, grace };
    }

    test(`${way}: useMessages sends, hears, pages the past and gets one message`, async (t) => {
      const { name, ada, grace } = await cast(t);
      const before = [];
      for (const text of ['1', '2', '3']) before.push(await grace.messages.send({ text }));
      const heard = [];
      const listener = (event) => heard.push(event.message);
      const seen = inRoom(t, ada, name, () => useMessages({ listener }));
      await attached(seen);
      const ear = hear(grace);
      const sent = await seen.now.sendMessage({ text: 'from the component', metadata: { a: 1 } });
      const reply = await grace.messages.send({ text: 'reply' });
      await until('both were heard', () => heard.length === 2 && ear.events.length === 2);
      assert.deepEqual(plain(heard), plain([sent, reply]));
      assert.deepEqual(plain(ear.messages), plain([sent, reply]));
      const page = await seen.now.historyBeforeSubscribe({ limit: 2 });
      assert.deepEqual(plain(page.items), plain([before[2], before[1]]));
      assert.deepEqual(plain((await page.next()).items), plain([before[0]]));
      assert.equal((await seen.now.history({ limit: 10 })).items.length, 5);
      assert.deepEqual(plain(await seen.now.getMessage(reply.serial)), plain(reply));
    });

    test(`${way}: useTyping shows who types and tells it`, async (t) => {
      const { name, ada, grace } = await cast(t);
      const seen = inRoom(t, ada, name, () => useTyping());
      await attached(seen);
      const typing = listen((listener) => grace.typing.subscribe(listener));
      await grace.typing.keystroke();
      await until('the component shows grace', () => seen.now.currentlyTyping.has('grace'));
      await seen.now.keystroke();
      await typing.find('ada types', ({ change }) => change.clientId === 'ada' && change.type === 'typing.started');
      await seen.now.stop();
      await typing.find('ada stops', ({ change }) => change.clientId === 'ada' && change.type === 'typing.stopped');
      await grace.typing.stop();
      await until('the component shows nobody', () => seen.now.currentlyTyping.size === 0);
    });

    test(`${way}: usePresence enters, and leaves with the component; usePresenceListener shows the others`, async (t) => {
      const { name, ada, grace } = await cast(t);
      await grace.presence.enter({ mood: 'calm' });
      const seen = inRoom(t, ada, name, () => {
        const own = usePresence({ initialData: { mood: 'new' } });
        return { ...own, members: usePresenceListener().presenceData };
      });
      const members = async () => Object.fromEntries((await grace.presence.get()).map(({ clientId, data }) => [clientId, data.mood]));
      await until('ada is present', () => seen.now?.myPresenceState.present);
      await until('the component shows both', () => seen.now.members.length === 2);
      assert.deepEqual(await members(), { ada: 'new', grace: 'calm' });
      await seen.now.update({ mood: 'settled' });
      await until('grace sees the change', async () => (await members()).ada === 'settled');
      await grace.presence.leave();
      await until('the component shows ada alone', () => seen.now.members.map((member) => member.clientId).join() === 'ada');
      seen.unmount();
      await until('ada has left', async () => Object.keys(await members()).length === 0);
    });

    test(`${way}: useRoomReactions sends and hears`, async (t) => {
      const { name, ada, grace } = await cast(t);
      const heard = [];
      const listener = (event) => heard.push(`${event.reaction.clientId} ${event.reaction.name}`);
      const seen = inRoom(t, ada, name, () => useRoomReactions({ listener }));
      await attached(seen);
      await seen.now.sendRoomReaction({ name: 'wave' });
      await grace.reactions.send({ name: 'like' });
      await until('both were heard', () => heard.length === 2);
      assert.deepEqual(heard.sort(), ['ada wave', 'grace like']);
    });

    test(`${way}: useRoom and useChatConnection follow a drop and the way back`, async (t) => {
      const proxy = await Proxy.start(t, server);
      const { name, ada, grace } = await cast(t, proxy);
      const heard = [];
      const listener = (event) => heard.push(event.message.text);
      const breaks = [];
      const seen = inRoom(t, ada, name, () => {
        useMessages({ listener, onDiscontinuity: (error) => breaks.push(error) });
        return { ...useRoom(), connection: useChatConnection().currentStatus };
      });
      await attached(seen);
      assert.deepEqual([seen.now.roomName, seen.now.connection], [name, 'connected']);
      proxy.refuse(true);
      proxy.cut();
      await until('the component shows the drop', () => seen.now.connection === 'disconnected');
      await grace.messages.send({ text: 'missed' });
      proxy.refuse(false);
      await until('the component shows the way back', () => seen.now.connection === 'connected');
      await until('what was missed came', () => heard.length === 1);
      assert.deepEqual([heard, breaks, seen.now.roomStatus], [['missed'], [], 'attached']);
    });

    test(`${way}: a component that goes to another room hears that one alone`, async (t) => {
      const { name, ada, grace } = await cast(t);
      const other = channelName('room');
      const elsewhere = await enter(await chat(t, server, { clientId: 'eve' }), other);
      const heard = [];
      const listener = (event) => heard.push(event.message.text);
      const seen = inRoom(t, ada, name, () => ({ ...useMessages({ listener }), name: useRoom().roomName }));
      await attached(seen);
      await grace.messages.send({ text: 'first room' });
      await until('it was heard', () => heard.length === 1);
      seen.goTo(other);
      await until('the component is in the other room', () => seen.now.name === other && seen.now.roomStatus === 'attached');
      await until('the first room is left', async () => (await grace.occupancy.get()).connections === 1);
      await grace.messages.send({ text: 'not heard' });
      await elsewhere.messages.send({ text: 'second room' });
      await until('it was heard', () => heard.includes('second room'));
      assert.deepEqual(heard, ['first room', 'second room']);
    });

    test(`${way}: what is not there or not allowed shows as an error`, async (t) => {
      const { name, ada } = await cast(t);
      const seen = inRoom(t, ada, name, () => useMessages());
      await attached(seen);
      const { serial } = await seen.now.sendMessage({ text: 'x' });
      for (const attempt of [
        () => seen.now.updateMessage(serial, { text: 'y' }),
        () => seen.now.deleteMessage(serial),
        () => seen.now.sendReaction(serial, { name: 'like' }),
        () => seen.now.deleteReaction(serial, { name: 'like' }),
      ]) {
        assert.equal((await refusal(attempt())).code, 50100);
      }
      seen.unmount();
      const counting = inRoom(t, ada, channelName('room'), () => useOccupancy(), { occupancy: { enableEvents: true } });
      await until('the room has failed', () => counting.now?.roomStatus === 'failed');
      assert.equal(counting.now.roomError.code, 50100);
      counting.unmount();
      const stranger = await chat(t, server, { ...byJwt('eve', { elsewhere: ['*'] }), useBinaryProtocol });
      const refused = inRoom(t, stranger, name, () => useMessages());
      await until('the room has failed', () => refused.now?.roomStatus === 'failed');
      assert.equal(refused.now.roomError.code, 40160);
    });
  }
});
