// A device whose clock is a day off, or is set right in the middle: the conversation goes by the server's clock.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Proxy } from '../../sdk/lib/proxy.js';
import { Stage } from '../lib/stage.js';
import { until } from '../lib/wait.js';

const DAY_MS = 86_400_000;

describe('a clock that is wrong', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  /** A window on a device whose clock is this far off, until it is set. */
  async function skewed(t, person, off_ms, options) {
    const window = await stage.window(t, person, { timezoneId: noon(), ...options });
    await window.page.addInitScript((by_ms) => {
      const True = Date;
      globalThis.clockOff_ms = by_ms;
      const now = () => True.now() + globalThis.clockOff_ms;
      globalThis.Date = class extends True {
        constructor(...parts) {
          super(...(parts.length === 0 ? [now()] : parts));
        }
        static now() {
          return now();
        }
      };
    }, off_ms);
    return window;
  }

  const isRead = (person, room) =>
    until('what is on the screen is read', async () => (await person.ask('GET', `/me/rooms/${room}`)).unread.unread === 0);

  for (const [what, off_ms] of [['a day behind', -DAY_MS], ['a day ahead', DAY_MS]]) {
    test(`${what}: one order, one day, exact counts, for both`, async (t) => {
      const room = await stage.room(`Clock ${what}`, [tomas]);
      await mara.ask('POST', `/rooms/${room}/messages`, { text: 'before' });
      const [wrong, right] = [await skewed(t, tomas, off_ms), await stage.window(t, mara, { timezoneId: noon() })];
      await Promise.all([wrong.enter(room), right.enter(room)]);
      await wrong.shows(['before']);
      await wrong.say('mine');
      await right.sees('mine');
      await right.say('yours');
      for (const window of [wrong, right]) {
        await window.shows(['before', 'mine', 'yours']);
        assert.equal(await days(window), 1, 'all of it was said on one day');
      }
      await Promise.all([isRead(tomas, room), isRead(mara, room)]);

      await wrong.context.setOffline(true);
      await wrong.page.getByText("You're offline").waitFor();
      await wrong.say('in the dark');
      await wrong.messages('in the dark').waitFor();
      await right.say('meanwhile');
      await right.sees('meanwhile');
      await wrong.context.setOffline(false);
      for (const window of [wrong, right]) {
        await window.shows(['before', 'mine', 'yours', 'meanwhile', 'in the dark']);
        assert.equal(await days(window), 1);
      }
      await Promise.all([isRead(tomas, room), isRead(mara, room)]);
    });
  }

  test('set right while a message waits: it goes out, and what comes is read', async (t) => {
    const room = await stage.room('Clock tower', [tomas]);
    const proxy = await Proxy.start(t, stage.server);
    const window = await skewed(t, tomas, DAY_MS, { through: proxy });
    await window.enter(room);
    await window.say('first');
    await window.sees('first');
    proxy.refuse(true);
    proxy.cut();
    await window.say('second');
    await window.page.getByText(/Reconnecting|You're offline/).first().waitFor();
    await window.page.evaluate(() => {
      globalThis.clockOff_ms = 0;
    });
    proxy.refuse(false);
    await window.shows(['first', 'second']);
    await mara.ask('POST', `/rooms/${room}/messages`, { text: 'third' });
    await window.shows(['first', 'second', 'third']);
    await isRead(tomas, room);
    assert.deepEqual(await stage.stored(room), ['first', 'second', 'third']);
  });
});

/** How many days the conversation is divided into. */
function days({ page }) {
  return page.evaluate(() => {
    const rows = [...document.querySelectorAll('[data-timeline] [data-index]')];
    return rows.filter((row) => row.querySelector('article, button, h2') === null && row.innerText !== 'New').length;
  });
}

/** A zone in which it is about noon: no test of days begins on one and ends on the next. */
function noon() {
  const east = 12 - new Date().getUTCHours();
  return `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}
