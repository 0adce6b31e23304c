// The server is killed while people write, and comes back: what they wrote is there once, in the order of its writing.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';

const MESSAGES = 24;
const KILLS_AFTER = [6, 14];

describe('server killed and restarted', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  test('in the middle of sending: nothing lost, nothing doubled, nobody signed out', async (t) => {
    const room = await stage.room('Workshop', [tomas]);
    const [one, other] = await Promise.all([stage.window(t, mara), stage.window(t, tomas, { device: 'phone' })]);
    await Promise.all([one.enter(room), other.enter(room)]);

    const texts = Array.from({ length: MESSAGES }, (_, at) => `m${at}`);
    let restarted = Promise.resolve();
    for (const [at, text] of texts.entries()) {
      if (KILLS_AFTER.includes(at)) {
        await restarted;
        await until('some are through', async () => (await one.said()).some(({ state }) => state === undefined));
        restarted = stage.server.restart();
      }
      await one.say(text);
    }
    await restarted;
    await until('all are through', async () => (await stage.stored(room)).length >= MESSAGES);
    await one.sees(texts.at(-1));
    await other.sees(texts.at(-1));
    assert.deepEqual(await stage.stored(room), texts);
    for (const window of [one, other]) {
      const shown = (await window.said()).map(({ text, state }) => (state ? `${text} (${state})` : text));
      assert.deepEqual(shown, texts.slice(-shown.length));
    }

    await other.say('still signed in');
    await one.sees('still signed in');
    for (const person of [mara, tomas]) {
      await until('what both have seen is read', async () => (await person.ask('GET', `/me/rooms/${room}`)).unread.unread === 0);
    }
  });

  test('while nobody looks: the count of what is unread is the same afterwards', async (t) => {
    const room = await stage.room('Attic', [tomas]);
    await stage.room('Elsewhere', [tomas]);
    for (const text of ['a', 'b @tomas', 'c']) await mara.ask('POST', `/rooms/${room}/messages`, { text });
    const window = await stage.window(t, tomas);
    await window.go();
    await window.room(/Attic/).waitFor();
    const before = await until('the mention is counted', async () => {
      const { unread } = await tomas.ask('GET', `/me/rooms/${room}`);
      return unread.unread === 3 && unread.mentions === 1;
    });
    assert.ok(before);
    await stage.server.restart();
    const { unread } = await tomas.ask('GET', `/me/rooms/${room}`);
    assert.deepEqual(unread, { unread: 3, mentions: 1 });
    await window.page.reload();
    await until('the list shows it', async () => /1 mention/.test(await window.marks(/Attic/)));
  });
  test('while it is down: it is the server that is away, and nobody is said to be here', async (t) => {
    const room = await stage.room('Cellar', [tomas]);
    const [one, other] = await Promise.all([stage.window(t, mara), stage.window(t, tomas)]);
    await Promise.all([one.enter(room), other.enter(room)]);
    const here = one.button('1 other person here');
    await here.waitFor();
    // From then on the page opens without the server.
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await stage.server.kill();
    await here.waitFor({ state: 'detached' });
    await one.page.reload();
    await one.page.getByText("The server can't be reached").first().waitFor();
    assert.equal(await one.page.getByText("You're offline").count(), 0);
    await stage.server.launch();
    await here.waitFor();
    await one.page.getByText("The server can't be reached").waitFor({ state: 'hidden' });
  });
});
