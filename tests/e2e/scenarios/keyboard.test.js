// A whole visit without a pointer: sign in, another room, write, send, menus, settings, sign out.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PASSWORD } from '../../sdk/lib/people.js';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';

const TABS_MAX = 60;

describe('by keyboard alone', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  /** Goes on by Tab until what has the focus is called so. */
  async function tabTo(page, name, key = 'Tab') {
    const passed = [];
    for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
      const label = await focused(page);
      if (name.test(label)) return;
      passed.push(label);
      await page.keyboard.press(key);
    }
    assert.fail(`Tab never came to ${name}; it passed ${passed.join(' | ')}`);
  }

  /** Takes an item of the menu that opens, once the focus is there: it moves a moment after the key. */
  async function take(page, item) {
    await until('the menu has the focus', () => page.evaluate(() => document.activeElement.role === 'menuitem'));
    for (let before; (before = await focused(page)) !== item; ) {
      await page.keyboard.press('ArrowDown');
      await until('the focus moves on', async () => (await focused(page)) !== before);
    }
    await page.keyboard.press('Enter');
  }

  test('from sign-in to sign-out', async (t) => {
    const [first, second] = [await stage.room('Atelier', [tomas]), await stage.room('Basement', [tomas])];
    await mara.ask('POST', `/rooms/${second}/messages`, { text: 'down here' });
    const window = await stage.window(t);
    const { page } = window;
    await window.go(`/rooms/${first}`);
    await window.field('Password').waitFor();
    await tabTo(page, /Handle or e-mail/);
    await page.keyboard.type('tomas');
    await tabTo(page, /^Password/);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await window.composer.waitFor();

    await tabTo(page, /Basement/);
    await page.keyboard.press('Enter');
    await window.sees('down here');
    await tabTo(page, /^Message Basement/);
    await page.keyboard.type('coming');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('at once');
    await page.keyboard.press('Enter');
    await window.shows(['down here', 'coming\nat once']);

    await page.keyboard.press('Shift+Tab');
    await tabTo(page, /: |, \d\d:\d\d/, 'Shift+Tab');
    await page.keyboard.press('ArrowUp');
    await until('arrows go from message to message', async () => /Mara/.test(await focused(page)));
    await page.keyboard.press('Escape');
    await until('Escape leads back to writing', async () => /^Message Basement/.test(await focused(page)));

    await tabTo(page, /Room details/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, /About/);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: /members/, selected: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await until('a dialog gives the focus back', async () => /Room details/.test(await focused(page)));

    await tabTo(page, /settings and sign out/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await take(page, 'Settings');
    await page.getByRole('navigation', { name: 'Settings' }).waitFor();
    await tabTo(page, /Profile/);
    await page.keyboard.press('Enter');
    await window.field('Your name').waitFor();
    await tabTo(page, /Your name/);
    await page.keyboard.press('End');
    await page.keyboard.type(' H.');
    await page.keyboard.press('Enter');
    await page.getByText('Saved').first().waitFor();

    await page.keyboard.press('Tab');
    await tabTo(page, /Back to chat/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, /Tomas H\..*settings and sign out/);
    await page.keyboard.press('Enter');
    await take(page, 'Sign out');
    await window.field('Handle or e-mail address').waitFor();
  });
});

/** What a screen reader would call the element that has the focus. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === document.body || element.id === 'main') return '';
    const label = element.labels?.[0]?.textContent;
    return element.ariaLabel ?? label ?? element.textContent.slice(0, 80);
  });
}
