// One person with three tabs and a phone: one read state, one draft, one outbox, one way out of all of them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';
import { SOON_MS } from '../lib/window.js';

describe('one person, several devices', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  /** Three tabs of one browser and a phone with a session of its own. */
  async function devices(t, person) {
    const one = await stage.window(t, await person.again());
    const [two, three] = [await one.tab(), await one.tab()];
    const phone = await stage.window(t, await person.again(), { device: 'phone' });
    return { tabs: [one, two, three], phone };
  }

  test('what is read on one is read on all', async (t) => {
    const room = await stage.room('Porch', [tomas]);
    const other = await stage.room('Lobby', [tomas]);
    const { tabs, phone } = await devices(t, tomas);
    for (const window of tabs) await window.enter(other);
    await phone.go();
    await phone.room(/Porch/).waitFor();
    await mara.ask('POST', `/rooms/${room}/messages`, { text: '@tomas look' });
    for (const window of [...tabs, phone]) {
      await until('every device counts it', async () => /1 mention/.test(await window.marks(/Porch/)));
    }
    await phone.room(/Porch/).tap();
    await phone.sees('look');
    for (const window of tabs) {
      await until('no device counts it any more', async () => !/mention|unread/.test(await window.marks(/Porch/)));
    }
    await phone.button('Back').tap();
    await phone.room(/Porch/).waitFor();
    assert.doesNotMatch(await phone.marks(/Porch/), /mention|unread/);
  });

  test('a draft is in every tab of the browser, and survives a reload', async (t) => {
    const room = await stage.room('Desk', [tomas]);
    const other = await stage.room('Shelf', [tomas]);
    const { tabs } = await devices(t, tomas);
    const [one, two, three] = tabs;
    await one.enter(room);
    await one.write('not yet sai');
    await two.enter(other);
    await two.room(/Desk/).locator('[aria-label="Has a draft"]').waitFor();
    await two.room(/Desk/).click();
    await until('the draft is there', async () => (await two.composer.inputValue()) === 'not yet sai');
    await one.page.close();
    await three.enter(room);
    assert.equal(await three.composer.inputValue(), 'not yet sai');
    await three.write('d');
    await three.composer.press('Enter');
    await three.shows(['not yet said']);
    await until('the draft is gone', async () => (await two.composer.inputValue()) === '');
    assert.deepEqual(await stage.stored(room), ['not yet said']);
  });

  test('three tabs share one outbox: what waited is sent once, in the order of writing', async (t) => {
    const room = await stage.room('Pier', [tomas]);
    const { tabs, phone } = await devices(t, tomas);
    for (const window of [...tabs, phone]) await window.enter(room);
    await tabs[0].context.setOffline(true);
    for (const [at, window] of tabs.entries()) {
      await window.page.getByText("You're offline").waitFor();
      await window.say(`from tab ${at}`);
    }
    const texts = ['from tab 0', 'from tab 1', 'from tab 2'];
    for (const window of tabs) {
      await until('every tab shows what waits', async () => (await window.said()).length === texts.length);
    }
    await tabs[0].context.setOffline(false);
    for (const window of [...tabs, phone]) await window.shows(texts);
    assert.deepEqual(await stage.stored(room), texts);
  });

  test('“end all others” ends the other devices at once, signing out ends all tabs', async (t) => {
    const room = await stage.room('Gate', [tomas]);
    const { tabs, phone } = await devices(t, tomas);
    for (const window of [...tabs, phone]) await window.enter(room);
    const [one, ...others] = tabs;
    await one.go('/settings/sessions');
    await one.button('End all others').click();
    await one.button('End them').click();
    await phone.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor({ timeout: SOON_MS });
    assert.equal(await others[0].page.getByRole('dialog').count(), 0, 'the same session goes on');

    await one.go();
    await one.choose(one.button(/settings and sign out/, { exact: false }), 'Sign out');
    for (const window of tabs) await window.field('Handle or e-mail address').waitFor();
    await one.go(`/rooms/${room}`);
    await one.field('Handle or e-mail address').waitFor();
  });
});
