// The first hour of a server: set-up link, account, room, invitation, second person, and a script that joins in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PASSWORD } from '../../sdk/lib/people.js';
import { Server } from '../../sdk/lib/server.js';
import { until } from '../lib/wait.js';
import { launch } from '../lib/browser.js';
import { AUTHENTICATIONS, Script } from '../lib/script.js';
import { Window } from '../lib/window.js';

const CASES = [
  { mara: { device: 'desktop', theme: 'light' }, tomas: { device: 'phone', theme: 'dark' }, by: 'an API key' },
  { mara: { device: 'phone', theme: 'light' }, tomas: { device: 'desktop', theme: 'dark' }, by: 'a JWT' },
];

describe('first run', () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  for (const { mara: first, tomas: second, by } of CASES) {
    test(`from the set-up link to two people and a script in a room: ${first.device}, ${second.device}, ${by}`, async (t) => {
      const server = await Server.start(t);
      const link = await server.setUpLink();

      const mara = await Window.open(t, browser, server.url, first);
      await mara.go(link);
      await newAccount(mara, 'Mara Lindqvist', 'Create the account');
      await mara.page.getByText('No rooms yet').waitFor();
      await mara.choose('New', 'New room');
      await mara.field('Name').fill('Kitchen');
      await mara.button('Create room').click();
      await mara.composer.waitFor();
      assert.match(await mara.page.title(), /Kitchen/);
      const room = new URL(mara.page.url()).pathname.split('/').at(-1);
      const invitation = await invite(mara);

      const tomas = await Window.open(t, browser, server.url, second);
      await tomas.go(invitation);
      await tomas.page.getByText('Mara Lindqvist').waitFor();
      await tomas.page.getByText('Kitchen').waitFor();
      await tomas.button('Create an account').click();
      await newAccount(tomas, 'Tomás Herrera', 'Create account');
      await tomas.composer.waitFor();
      assert.equal(new URL(tomas.page.url()).pathname, `/rooms/${room}`);

      await mara.say('Is anybody here?');
      await tomas.sees('Is anybody here?');
      await tomas.say('Me, since a minute.');
      await mara.sees('Me, since a minute.');

      await joinedByScript(t, { server, room, mara, tomas, by });
      const said = ['Is anybody here?', 'Me, since a minute.', 'from the script', 'Hello, script'];
      for (const window of [mara, tomas]) {
        await window.shows(said);
        assert.equal(await window.overflows(), false, 'nothing sticks out');
      }
    });
  }
});

async function newAccount(window, name, button) {
  await window.field('Your name').fill(name);
  await window.field('Password').fill(PASSWORD);
  await window.button(button).click();
}

async function invite(window) {
  await window.button('Room details').click();
  await window.page.getByRole('tab', { name: 'Invitations' }).click();
  await window.button('Make a link').click();
  const link = await window.field('Invitation link').inputValue();
  await window.page.keyboard.press('Escape');
  return link;
}

async function joinedByScript(t, { server, room, mara, tomas, by }) {
  const script = await Script.start(t, server, room, 'oven-bot', AUTHENTICATIONS[by]);
  await script.room.presence.enter();
  // A script is there, but is no person.
  await mara.button('1 other person here, 1 app here').click();
  await mara.page.getByRole('dialog').getByText('oven-bot').waitFor();
  await mara.page.keyboard.press('Escape');

  await script.room.typing.keystroke();
  await tomas.page.getByText('oven-bot is typing…').waitFor();
  await script.say('from the script');
  for (const window of [mara, tomas]) {
    await window.sees('from the script');
    await window.messages('from the script').getByText('oven-bot').waitFor();
  }
  await mara.write('Hello');
  await until('the script sees a person typing', () => script.typing.size === 1);
  await tomas.page.getByText('Mara Lindqvist is typing…').waitFor();
  await mara.say('Hello, script');
  const message = await script.hears('Hello, script');
  await until('nobody types any more', () => script.typing.size === 0);
  assert.match(message.clientId, /^p_/);
  const present = await script.room.presence.get();
  assert.ok(present.some((member) => member.clientId === message.clientId), 'the script sees who is there');
}
