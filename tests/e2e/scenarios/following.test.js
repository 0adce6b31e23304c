// The end of a room: who is there stays there and has read what comes; who looks further up is left alone.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';

const BURST = 12;
const ROUNDING_PX = 1;

describe('the end of a room', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  /** A room in which more was said than fits a screen, and a window of Tomas in it, who has read it. */
  async function inside(t, name, options) {
    const room = await stage.room(name, [tomas]);
    await say(room, 'before', 30);
    await until('all are counted', async () => (await tomas.ask('GET', `/me/rooms/${room}`)).room.messages === 30);
    await tomas.ask('PUT', `/me/rooms/${room}/read`, {});
    const window = await stage.window(t, tomas, options);
    await window.enter(room);
    await window.sees('before 29');
    await until('it opens at its end', async () => (await leftBelow(window)) < 2);
    return { room, window };
  }

  async function say(room, text, count) {
    for (let at = 0; at < count; at += 1) await mara.ask('POST', `/rooms/${room}/messages`, { text: `${text} ${at}` });
  }

  const unread = async (room) => (await tomas.ask('GET', `/me/rooms/${room}`)).unread.unread;
  const isRead = (room) => until('what is on the screen is read', async () => (await unread(room)) === 0);

  for (const device of ['desktop', 'phone']) {
    test(`what comes while a message of one's own waits is seen and read, on a ${device}`, async (t) => {
      const { room, window } = await inside(t, `Waiting ${device}`, { device, serviceWorkers: 'block' });
      // Held back; what a service worker may carry can't be.
      let release;
      const held = new Promise((resolve) => {
        release = resolve;
      });
      await window.page.route('**/messages', async (route) => {
        await held;
        await route.continue();
      });
      await window.say('mine');
      await window.messages('mine').waitFor();
      await say(room, 'meanwhile', BURST);
      await window.sees(`meanwhile ${BURST - 1}`);
      await until('the end is in sight', async () => (await leftBelow(window)) < 2);
      await isRead(room);
      release();
      await window.sees('mine');
      await say(room, 'afterwards', BURST);
      await window.sees(`afterwards ${BURST - 1}`);
      await until('the end is in sight again', async () => (await leftBelow(window)) < 2);
      await isRead(room);
    });
  }

  test('what comes while the composer grows and shrinks is seen and read', async (t) => {
    const { room, window } = await inside(t, 'Growing');
    for (let round = 0; round < 4; round += 1) {
      await window.composer.fill(round % 2 === 0 ? 'a\nlong\ndraft\nof\nmany\nlines' : '');
      await say(room, `round ${round}`, 3);
    }
    await window.sees('round 3 2');
    await until('the end is in sight', async () => (await leftBelow(window)) < 2);
    await isRead(room);
  });

  test('who looks further up is left there, and is told how much came', async (t) => {
    const { room, window } = await inside(t, 'Above');
    const pane = window.page.getByRole('region', { name: 'Messages' });
    await pane.hover();
    await window.page.mouse.wheel(0, -500);
    await until('it has scrolled', async () => (await leftBelow(window)) > 300);
    const place = await topMost(window);
    await say(room, 'below', BURST);
    await window.button(`${BURST} new messages`).waitFor();
    const now = await topMost(window);
    assert.equal(now.text, place.text);
    assert.ok(Math.abs(now.y - place.y) <= ROUNDING_PX, `nothing has moved: ${place.y} and ${now.y}`);
    await until('it is counted', async () => (await unread(room)) === BURST);
    await window.button(`${BURST} new messages`).click();
    await window.sees(`below ${BURST - 1}`);
    await isRead(room);
  });
});

/** How much of the conversation is below the edge, in pixels. */
function leftBelow(window) {
  return window.page.evaluate(() => {
    const pane = document.querySelector('[data-timeline]');
    return pane.scrollHeight - pane.clientHeight - pane.scrollTop;
  });
}

/** The first message on the screen, and where it stands. */
function topMost(window) {
  return window.page.evaluate(() => {
    const { top } = document.querySelector('[data-timeline]').getBoundingClientRect();
    const articles = [...document.querySelectorAll('[data-index] article')];
    const boxes = articles.map((article) => ({ text: article.innerText, y: Math.round(article.getBoundingClientRect().top - top) }));
    return boxes.filter(({ y }) => y >= 0).sort((one, other) => one.y - other.y)[0];
  });
}
