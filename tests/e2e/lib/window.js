// A browser window of one person, with what they do in it, by the names that they read on the screen.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { until, WAIT_MS_MAX } from './wait.js';
import { DEVICES } from './browser.js';

/** What happens at once, on a browser that shares two busy cores with others. The server's own second is held by tests/sdk. */
export const SOON_MS = 5_000;
/** What a browser says by itself about requests that fail; scenarios make them fail on purpose. */
const EXPECTED = /^(Failed to load resource|WebSocket connection to|Fetch API cannot load|The FetchEvent for|Banner not shown)/;

let pictures = 0;

export class Window {
  /** A window with a profile of its own; `person` is signed in there by a session of theirs. It ends with the test. */
  static async open(t, browser, url, { device = 'desktop', theme = 'light', person, ...more } = {}) {
    const settings = { ...DEVICES[device], colorScheme: theme, locale: 'en-GB', timezoneId: 'Europe/Berlin' };
    const context = await browser.newContext({ ...settings, ...more });
    context.setDefaultTimeout(WAIT_MS_MAX);
    const complaints = [];
    t.after(async () => {
      if (!t.passed) await keep(t, context);
      await context.close();
      assert.deepEqual(complaints, [], 'the page complained');
    });
    if (person) await context.addCookies([cookie(person, url)]);
    return new Window(context, await context.newPage(), { url, device, complaints });
  }

  constructor(context, page, { url, device, complaints }) {
    Object.assign(this, { context, page, url, device, complaints });
    page.on('pageerror', (error) => complaints.push(`error: ${error.stack ?? error}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
  }

  /** A further tab beside this one. */
  async tab() {
    const { context, url, device, complaints } = this;
    return new Window(context, await context.newPage(), { url, device, complaints });
  }

  get isPhone() {
    return this.device === 'phone';
  }

  async go(path = '/') {
    await this.page.goto(new URL(path, this.url).href);
    return this;
  }

  /** Opens a room and waits until one can write in it. */
  async enter(room) {
    await this.go(`/rooms/${room}`);
    await this.composer.waitFor();
    return this;
  }

  button(name, options) {
    return this.page.getByRole('button', { name, exact: true, ...options });
  }

  field(name) {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  get composer() {
    return this.page.getByRole('textbox', { name: /^Message / });
  }

  /** Opens the menu of a button and takes an item. */
  async choose(button, item) {
    await (typeof button === 'string' ? this.button(button) : button).click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Writes into the composer, key by key, and leaves it there. */
  async write(text) {
    await this.composer.pressSequentially(text);
  }

  /** Writes a message and sends it: on a phone by the button, else by the key. */
  async say(text) {
    await this.composer.fill(text);
    if (this.isPhone) await this.button('Send').tap();
    else await this.composer.press('Enter');
  }

  /** The messages that hold a text. */
  messages(text) {
    return this.page.getByRole('article').filter({ hasText: text });
  }

  /** Waits until a message is there, as one that the server has. */
  async sees(text) {
    await this.messages(text).and(this.page.locator('[data-serial]')).first().waitFor();
  }

  /** Every message that is in the document, from the top: its text, and its state while it is not sent. */
  said() {
    // At one instant: rows come and go.
    return this.page.evaluate(() =>
      [...document.querySelectorAll('[data-index] article')]
        .map((article) => ({
          at: Number(article.closest('[data-index]').dataset.index),
          text: [...article.querySelectorAll('p')].map((p) => p.innerText).join('\n'),
          state: article.dataset.state,
        }))
        .sort((one, other) => one.at - other.at),
    );
  }

  /** Waits until the messages on the screen are these, in this order, all of them sent. */
  async shows(texts) {
    let shown;
    const right = async () => {
      shown = (await this.said()).map(({ text, state }) => (state ? `${text} (${state})` : text));
      return isDeepStrictEqual(shown, texts);
    };
    try {
      await until('the messages are right', right);
    } catch (error) {
      assert.deepEqual(shown, texts, error.message);
      throw error;
    }
  }

  /** A room's link in the list, by its name. */
  room(name) {
    return this.page.getByRole('navigation', { name: 'Rooms and conversations' }).getByRole('link', { name });
  }

  /** What the list says to screen readers about a room, beside its name. */
  async marks(name) {
    const text = await this.room(name).first().textContent();
    const label = await this.room(name).first().locator('[aria-label]').evaluateAll((all) => all.map((one) => one.ariaLabel));
    return [text, ...label].join(' ');
  }

  /** Whether the page is wider than its window. */
  overflows() {
    return this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }

  async signIn(login, password) {
    await this.field('Handle or e-mail address').fill(login);
    await this.field('Password').fill(password);
    await this.button('Sign in').click();
  }
}

/** What the windows of a failed test looked like, where E2E_FAILURES says. */
async function keep(t, context) {
  const folder = process.env.E2E_FAILURES;
  if (!folder) return;
  for (const page of context.pages()) {
    pictures += 1;
    const name = t.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60);
    await page.screenshot({ path: join(folder, `${name}-${process.pid}-${pictures}.png`) }).catch(() => {});
  }
}

function cookie(person, url) {
  const [name, ...value] = person.cookie.split('=');
  return { name, value: value.join('='), url, httpOnly: true, sameSite: 'Strict' };
}
