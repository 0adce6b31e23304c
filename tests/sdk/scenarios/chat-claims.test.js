// What an application's token says of its user in a room reaches everybody in it, and nobody can say it of themselves.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RIGHTS, byJwt, chat, enter, hear, listen, plain } from '../lib/chat.js';
import { FORMATS, channelName } from '../lib/clients.js';
import { Server } from '../lib/server.js';
import { until } from '../lib/wait.js';

describe('what a token says of its user', () => {
  const server = Server.shared();

  for (const { format, useBinaryProtocol } of FORMATS) {
    test(`${format}: comes with messages, typing, reactions and presence`, async (t) => {
      const name = channelName('room');
      const claims = byJwt('ada', { [name]: RIGHTS }, { [`ably.room.${name}`]: 'moderator', 'ably.room.other': 'nobody' });
      const ada = await enter(await chat(t, server, { ...claims, useBinaryProtocol }), name);
      const grace = await enter(await chat(t, server, { clientId: 'grace', useBinaryProtocol }), name);
      const ear = hear(grace);
      const typing = listen((listener) => grace.typing.subscribe(listener));
      const reactions = listen((listener) => grace.reactions.subscribe(listener));
      const presence = listen((listener) => grace.presence.subscribe(listener));
      const sent = await ada.messages.send({ text: 'x', headers: { a: 1 } });
      await ada.typing.keystroke();
      await ada.reactions.send({ name: 'like', headers: { b: 2 } });
      await ada.presence.enter({ here: true });
      await ear.count(1);
      assert.equal(sent.userClaim, 'moderator');
      assert.deepEqual(plain([...ear.messages, await grace.messages.get(sent.serial)]), plain([sent, sent]));
      assert.deepEqual(ear.messages[0].headers, { a: 1 });
      const [begun] = await typing.count(1);
      assert.deepEqual([begun.change.userClaim, begun.currentTypers], ['moderator', [{ clientId: 'ada', userClaim: 'moderator' }]]);
      const [{ reaction }] = await reactions.count(1);
      assert.deepEqual([reaction.userClaim, reaction.headers], ['moderator', { b: 2 }]);
      const entered = await presence.find('ada entered', ({ type }) => type === 'enter');
      assert.deepEqual([entered.member.userClaim, entered.member.data], ['moderator', { here: true }]);
      const late = await enter(await chat(t, server, { clientId: 'late', useBinaryProtocol }), name);
      await until('the snapshot has it too', async () => (await late.presence.get())[0]?.userClaim === 'moderator');
    });

    test(`${format}: is what the narrowest claim says, and nothing without one`, async (t) => {
      const space = channelName('space');
      const claims = { 'ably.room.*': 'guest', [`ably.room.${space}:*`]: 'member', [`ably.room.${space}:a`]: 'owner' };
      const client = await chat(t, server, { ...byJwt('ada', { '*': RIGHTS }, claims), useBinaryProtocol });
      const plainClient = await chat(t, server, { clientId: 'grace', useBinaryProtocol });
      for (const [name, claim] of [[`${space}:a`, 'owner'], [`${space}:b`, 'member'], [space, 'guest']]) {
        const sent = await (await client.rooms.get(name)).messages.send({ text: 'x' });
        assert.equal(sent.userClaim, claim, name);
        const other = await (await plainClient.rooms.get(name)).messages.send({ text: 'x' });
        assert.equal(other.userClaim, undefined, name);
      }
    });

    test(`${format}: cannot be forged by whoever publishes to the channel itself`, async (t) => {
      const name = channelName('room');
      const forger = await chat(t, server, { clientId: 'eve', useBinaryProtocol });
      const room = await enter(forger, name);
      const victim = await enter(await chat(t, server, { clientId: 'ada', useBinaryProtocol }), name);
      const ear = hear(victim);
      const presence = listen((listener) => victim.presence.subscribe(listener));
      const extras = { userClaim: 'admin', headers: { a: 1 } };
      const data = { text: 'trust me', metadata: {} };
      await room.channel.publish({ name: 'chat.message', data, extras });
      const path = `/channels/${encodeURIComponent(`${name}::$chat`)}/messages`;
      await forger.realtime.request('POST', path, 4, {}, { name: 'chat.message', data: JSON.stringify(data), encoding: 'json', extras });
      await room.messages.send({ text: 'and me', headers: { userClaim: 'admin' } });
      await room.presence.enter({ userClaim: 'admin' });
      await ear.count(3);
      for (const message of [...ear.messages, ...(await victim.messages.history({})).items]) {
        assert.equal(message.userClaim, undefined);
        assert.equal(message.clientId, 'eve');
      }
      const [{ member }] = await presence.count(1);
      assert.equal(member.userClaim, undefined);
    });
  }
});
