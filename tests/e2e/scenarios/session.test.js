// Ways in that are closed, and a session that ends in the middle of a sentence.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PASSWORD } from '../../sdk/lib/people.js';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';
import { SOON_MS } from '../lib/window.js';

describe('sessions', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  test('a session ended from elsewhere while typing: sign in over the page, and nothing typed is lost', async (t) => {
    const room = await stage.room('Study', [tomas]);
    const writer = await stage.window(t, await tomas.again());
    const reader = await stage.window(t, mara);
    await Promise.all([writer.enter(room), reader.enter(room)]);
    await writer.say('before');
    await reader.sees('before');
    await writer.write('half a sent');

    await tomas.ask('DELETE', '/me/sessions');
    const dialog = writer.page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor({ timeout: SOON_MS });
    assert.equal(await writer.page.locator('[data-composer]').inputValue(), 'half a sent');
    await writer.field('Password').fill('not the password');
    await writer.button('Go on').click();
    await dialog.getByText('Handle, e-mail address or password is wrong.').waitFor();
    await writer.field('Password').fill(PASSWORD);
    await writer.button('Go on').click();
    await dialog.waitFor({ state: 'hidden' });

    await writer.composer.press('End');
    await writer.write('ence');
    await writer.composer.press('Enter');
    await Promise.all([writer, reader].map((window) => window.shows(['before', 'half a sentence'])));
    assert.deepEqual(await stage.stored(room), ['before', 'half a sentence']);
  });

  test('a message sent into an ended session goes out once its author is back', async (t) => {
    const room = await stage.room('Cellar', [tomas]);
    const session = await tomas.again();
    // What a service worker may carry can't be held up.
    const writer = await stage.window(t, session, { serviceWorkers: 'block' });
    await writer.enter(room);
    await writer.page.route('**/api/v1/rooms/*/messages', async (route) => {
      await tomas.ask('DELETE', '/me/sessions');
      await route.continue();
    }, { times: 1 });
    await writer.say('into the void');
    await writer.field('Password').fill(PASSWORD);
    await writer.button('Go on').click();
    await writer.shows(['into the void']);
    assert.deepEqual(await stage.stored(room), ['into the void']);
  });

  test('a wrong password and a stranger’s name get the same answer; the right one leads where one was going', async (t) => {
    const room = await stage.room('Hall', [tomas]);
    const window = await stage.window(t);
    await window.go(`/rooms/${room}`);
    const refusals = [];
    for (const login of ['tomas', 'nobody-here']) {
      await window.signIn(login, 'wrong wrong wrong');
      const alert = window.page.getByText('Handle, e-mail address or password is wrong.');
      await alert.waitFor();
      refusals.push(await alert.textContent());
      await window.page.reload();
    }
    assert.equal(refusals[0], refusals[1]);
    await window.signIn('tomas', PASSWORD);
    await window.composer.waitFor();
    assert.equal(new URL(window.page.url()).pathname, `/rooms/${room}`);
  });

  test('a link that has expired, one that is used up, one that was withdrawn and one that never was say so', async (t) => {
    const room = await stage.room('Garden');
    const link = async (body) => mara.ask('POST', `/rooms/${room}/invitations`, body);
    const expired = await link({ expires_in_ms: 2_000 });
    const usedUp = await link({ uses_max: 1 });
    await tomas.ask('POST', `/invitations/${usedUp.code}/accept`);
    const withdrawn = await link({});
    await mara.ask('DELETE', `/rooms/${room}/invitations/${withdrawn.id}`);
    const window = await stage.window(t);
    await until('the first has expired', () => Date.now() > expired.expires_ms);
    for (const [url, text] of [
      [expired.url, 'This invitation has expired. Ask for a new one.'],
      [usedUp.url, 'This invitation has been used up. Ask for a new one.'],
      [withdrawn.url, "This invitation doesn't exist, or was withdrawn."],
      ['/join/never-was', "This invitation doesn't exist, or was withdrawn."],
    ]) {
      await window.go(new URL(url, window.url).pathname);
      await window.page.getByText(text).waitFor();
      assert.equal(await window.button('Create an account').count(), 0);
    }
  });

  test('a taken handle is said at its field, and the rest of the form stays', async (t) => {
    const { url } = await mara.ask('POST', '/admin/invitations', {});
    const window = await stage.window(t, undefined, { device: 'phone' });
    await window.go(new URL(url, window.url).pathname);
    await window.button('Create an account').tap();
    await window.field('Your name').fill('Tomas');
    await window.field('Password').fill(PASSWORD);
    await window.button('Create account').tap();
    await window.page.getByText('This handle is taken. Try another one.').waitFor();
    assert.equal(await window.field('Your name').inputValue(), 'Tomas');
    await window.field('Handle').fill('tomas.2');
    await window.button('Create account').tap();
    await window.page.getByText('No rooms yet').waitFor();
  });

  test('the set-up link works once', async (t) => {
    const link = await stage.server.setUpLink();
    const window = await stage.window(t);
    await window.go(link);
    await window.page.getByText('This server is set up').waitFor();
    await window.page.getByRole('link', { name: 'Go to sign-in' }).click();
    await window.field('Password').waitFor();
  });

  test('a forgotten password: an administrator hands over a link, the person chooses a new one', async (t) => {
    const window = await stage.window(t);
    await window.go('/recover');
    await window.field('Handle or e-mail address').fill('tomas');
    await window.button('Ask for help').click();
    await window.page.getByText('An administrator has been told').waitFor();

    const admin = await stage.window(t, mara);
    await admin.go('/admin/people');
    const asked = admin.page.getByRole('listitem').filter({ hasText: '@tomas · asked' });
    await asked.getByRole('button', { name: 'Reset link' }).click();
    await admin.button('Make the link').click();
    const link = await admin.field('Link for a new password').inputValue();

    await window.go(link);
    await window.field('New password').fill('a new long password');
    await window.button('Save the new password').click();
    await window.signIn('tomas', PASSWORD);
    await window.page.getByText('Handle, e-mail address or password is wrong.').waitFor();
    await window.signIn('tomas', 'a new long password');
    await until('he is in', async () => new URL(window.page.url()).pathname === '/');
  });
});
