// Opening a room again: its frame, drawn before the app's script has come, and the app put everything in the same place.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Stage } from '../lib/stage.js';
import { until } from '../lib/wait.js';

describe('opening a room', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  for (const device of ['desktop', 'phone']) {
    for (const topic of ['', 'Everything that bakes, boils or burns']) {
      test(`the app takes over from the frame, and nothing moves: ${device}, ${topic === '' ? 'without' : 'with'} a topic`, async (t) => {
        const room = await stage.room('Kitchen');
        await mara.ask('PATCH', `/rooms/${room}`, { topic });
        const window = await stage.window(t, mara, { device });
        await window.page.addInitScript(watch);
        // Told by the server; then by what the device keeps.
        for (const known of ['server', 'device']) {
          await window.go(`/rooms/${room}`);
          await until(`the app has taken over, ${known}`, () => window.page.evaluate(() => globalThis.places.app !== undefined));
          const { frame, app, told } = await window.page.evaluate(() => globalThis.places);
          assert.ok(frame, `the frame was on the screen, ${known}`);
          assert.deepEqual([app, told], [frame, known]);
          // A text area cuts a long name without a sign.
          assert.equal(app.area.hint, device === 'phone' ? 'Message' : 'Message Kitchen');
          await window.page.evaluate(() => navigator.serviceWorker.ready);
        }
      });
    }
  }

  test('what is typed behind the keys of the quick switcher is for that, and nothing of it for the room', async (t) => {
    const [room, cellar] = [await stage.room('Larder'), await stage.room('Cellar')];
    const window = await stage.window(t, mara);
    const { page } = window;
    const arrive = await heldUp(page);
    await page.goto(`${window.url}/rooms/${room}`);
    await window.composer.pressSequentially('to the room: ');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('cel');
    arrive();
    await page.getByRole('option', { name: 'Cellar' }).waitFor();
    await page.keyboard.type('lar');
    const search = page.getByRole('combobox', { name: 'Go to a room or a person' });
    assert.equal(await search.inputValue(), 'cellar');
    await page.keyboard.press('Escape');
    await search.waitFor({ state: 'detached' });
    await page.keyboard.type('bread');
    assert.equal(await window.composer.inputValue(), 'to the room: bread');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('cellar');
    await page.getByRole('option', { name: 'Cellar' }).waitFor();
    await page.keyboard.press('Enter');
    await until('the cellar is open', () => new URL(page.url()).pathname === `/rooms/${cellar}`);
  });

  test('a shortcut pressed before the app is there leads to the next unread room, and what was ended with Enter is sent', async (t) => {
    const [room, attic] = [await stage.room('Hall'), await stage.room('Attic', [tomas])];
    await tomas.ask('POST', `/rooms/${attic}/messages`, { text: 'up here' });
    const window = await stage.window(t, mara);
    const { page } = window;
    const arrive = await heldUp(page);
    await page.goto(`${window.url}/rooms/${room}`);
    await window.composer.pressSequentially('on my way');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Alt+Shift+ArrowDown');
    arrive();
    await window.shows(['up here']);
    assert.equal(new URL(page.url()).pathname, `/rooms/${attic}`);
    await until('the message is stored', async () => (await stage.stored(room)).length > 0);
    assert.deepEqual(await stage.stored(room), ['on my way']);
  });

  test('where there is no frame, the app is fetched from the beginning', async (t) => {
    const room = await stage.room('Yard');
    const window = await stage.window(t, mara);
    const fetched = () => window.page.locator('link[rel="preload"][data-app]').count();
    await window.go('/');
    assert.equal(await fetched(), 2);
    await window.page.evaluate(() => navigator.serviceWorker.ready.then((worker) => worker.unregister()));
    await window.go(`/rooms/${room}`);
    assert.equal(await fetched(), 0);
  });
});

/** Keeps the app's script from the page until the answer is called. */
async function heldUp(page) {
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
    await arrived;
    await route.continue();
  });
  return arrive;
}

/** Notes in the page, at each picture, who told of the room, and where the name, the header's line and the text area stand. */
function watch() {
  globalThis.places = {};
  const place = (range) => {
    const { x, y, height } = range.getBoundingClientRect();
    return [x, y, height].map(Math.round);
  };
  const look = () => {
    const drawn = document.querySelector('body > [data-chosen]');
    const whole = drawn ?? document.getElementById('root');
    const [name, area] = [whole?.querySelector('h1 bdi'), whole?.querySelector('textarea')];
    if (name && area) {
      const text = document.createRange();
      text.selectNodeContents(name);
      globalThis.places.told ??= document.getElementById('opening') === null ? 'device' : 'server';
      const { width } = area.getBoundingClientRect();
      const there = { place: [...place(area), Math.round(width)], hint: area.placeholder };
      globalThis.places[drawn === null ? 'app' : 'frame'] ??= { name: place(text), area: there };
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
