// Opening a room again: its frame, drawn before the app's script has come, and the app put everything in the same place.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Stage } from '../lib/stage.js';
import { until } from '../lib/wait.js';

describe('opening a room', () => {
  const stage = Stage.shared();
  let mara;
  before(async () => {
    [mara] = await stage.people('Mara');
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
          await window.page.evaluate(() => navigator.serviceWorker.ready);
        }
      });
    }
  }
});

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
      globalThis.places[drawn === null ? 'app' : 'frame'] ??= { name: place(text), area: [...place(area), Math.round(width)] };
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
