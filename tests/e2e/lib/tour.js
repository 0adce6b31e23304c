// Every screen on one device, light and dark: axe-core finds nothing grave, and nothing sticks out.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { accessible } from './axe.js';
import { THEMES } from './browser.js';
import { keepScreen } from './screens.js';
import { Stage } from './stage.js';
import { settle } from './town.js';

export const tour = (device) => describe(`screens, ${device}`, () => {
  const stage = Stage.shared();
  let people;
  let rooms;
  before(async () => {
    ({ people, rooms } = await settle(stage));
  });

  for (const theme of THEMES) {
    const look = { device, theme };
    const verify = async (window, what, { kept = false } = {}) => {
      await accessible(window, `${what}, ${device}, ${theme}`);
      assert.equal(await window.overflows(), false, `${what} fits its width`);
      if (kept) await keepScreen(window, what, theme);
    };

    test(`before one is in: ${device}, ${theme}`, async (t) => {
      const { code } = await people.mara.ask('POST', '/admin/invitations', {});
      const joining = await people.mara.ask('POST', `/rooms/${rooms.Kitchen}/invitations`, {});
      const window = await stage.window(t, undefined, look);
      await window.go('/');
      await window.button('Sign in').waitFor();
      await verify(window, 'sign-in', { kept: true });
      for (const [path, text, what] of [
        [`/sign-up#${code}`, 'Create account', 'sign-up'],
        [`/join/${joining.code}`, 'Create an account', 'invitation'],
        ['/join/nothing', "This invitation doesn't work", 'invitation refused'],
        ['/recover', 'Ask for help', 'recovery'],
        ['/recover#code', 'Save the new password', 'new password'],
        ['/setup#code', 'This server is set up', 'set-up'],
      ]) {
        await window.go('/healthz');
        await window.go(path);
        await window.page.getByText(text).first().waitFor();
        await verify(window, what);
      }
    });

    test(`conversation, list, switcher and dialogs: ${device}, ${theme}`, async (t) => {
      const window = await stage.window(t, people.mara, look);
      await window.go('/');
      await window.room(/Kitchen/).waitFor();
      await verify(window, 'rooms', { kept: true });
      await window.enter(rooms.Kitchen);
      const other = await stage.window(t, people.tomas);
      await other.enter(rooms.Kitchen);
      await window.sees('he likes cake');
      await window.button(/other person here/).waitFor();
      assert.equal(await window.button('Back').isVisible(), window.isPhone, 'only a phone needs a way back to the list');
      await verify(window, 'conversation', { kept: true });
      if (!window.isPhone) {
        await window.page.keyboard.press('Control+k');
        await window.page.getByRole('combobox').fill('ga');
        await window.page.getByRole('option', { name: /Garden/ }).waitFor();
      } else {
        await window.button('Back').tap();
        await window.page.getByRole('button', { name: 'Find' }).tap();
        await window.page.getByRole('option').first().waitFor();
      }
      await verify(window, 'quick-switcher', { kept: true });
      await window.page.keyboard.press('Escape');
      for (const [item, field] of [['New room', 'textbox'], ['New message', 'combobox'], ['Browse rooms', 'searchbox']]) {
        await window.go('/');
        await window.choose('New', item);
        await window.page.getByRole('dialog').getByRole(field).first().waitFor();
        await verify(window, item);
      }
      await window.enter(rooms.Kitchen);
      await window.button('Room details').click();
      for (const tab of ['About', /members/, 'Invitations']) {
        await window.page.getByRole('tab', { name: tab }).click();
        await window.page.getByRole('tabpanel').waitFor();
        await verify(window, `room details, ${tab}`);
      }
    });

    test(`settings and administration: ${device}, ${theme}`, async (t) => {
      const window = await stage.window(t, people.mara, look);
      for (const part of ['', '/profile', '/account', '/sessions', '/appearance', '/notifications', '/tokens']) {
        await window.go(`/settings${part}`);
        await window.page.getByRole('heading', { level: 1 }).first().waitFor();
        await verify(window, part === '/profile' ? 'settings' : `settings${part}`, { kept: part === '/profile' });
      }
      for (const part of ['', '/people', '/rooms', '/invitations', '/keys']) {
        await window.go(`/admin${part}`);
        await window.page.getByRole('heading', { level: 1 }).first().waitFor();
        if (part === '/people') await window.page.getByText('@aiko').first().waitFor();
        await verify(window, part === '/people' ? 'administrator' : `admin${part}`, { kept: part === '/people' });
      }
    });

    test(`empty, offline and signed out: ${device}, ${theme}`, async (t) => {
      const { code } = await people.mara.ask('POST', '/admin/invitations', {});
      const window = await stage.window(t, undefined, look);
      await window.go(`/sign-up#${code}`);
      await window.field('Your name').fill('Noor Haddad');
      await window.field('Handle').fill(`noor.${theme}`);
      await window.field('Password').fill('correct horse battery staple');
      await window.button('Create account').click();
      await window.page.getByText('No rooms yet').waitFor();
      await verify(window, 'empty', { kept: true });

      const offline = await stage.window(t, await people.aiko.again(), look);
      await offline.enter(rooms.Kitchen);
      await offline.sees('he likes cake');
      await offline.context.setOffline(true);
      await offline.page.getByText("You're offline").waitFor();
      // What was said in the theme before has arrived since.
      await offline.say(theme === 'light' ? 'I have the flour. Writing this from the cellar.' : 'The sugar, too. No light down here.');
      await verify(offline, 'offline', { kept: true });
      await offline.context.setOffline(false);
      await offline.page.getByText("You're offline").waitFor({ state: 'hidden' });
      await people.aiko.ask('DELETE', '/me/sessions');
      await offline.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
      await verify(offline, 'sign in again');
      await window.go('/rooms/r_aaaaaaaaaaaaaaaa');
      await window.page.getByText('No such room').first().waitFor();
      await verify(window, 'no such room');
      await window.go('/nowhere');
      await window.page.getByText('There is nothing here').waitFor();
      await verify(window, 'nothing here');
    });
  }
});
