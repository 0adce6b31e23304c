// Somebody writes without a network, reloads without one, and comes back: everything arrives, once, in order.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Proxy } from '../../sdk/lib/proxy.js';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';

const OFFLINE = /You're offline/;

describe('offline and back', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  for (const device of ['desktop', 'phone']) {
    test(`${device}: three messages written offline, the page reloaded offline, then back`, async (t) => {
      const room = await stage.room(`Harbour ${device}`, [tomas]);
      const writer = await stage.window(t, mara, { device });
      const reader = await stage.window(t, tomas);
      await Promise.all([writer.enter(room), reader.enter(room)]);
      await writer.say('before');
      await Promise.all([writer.sees('before'), reader.sees('before')]);
      await shellIsKept(writer);

      await writer.context.setOffline(true);
      await writer.page.getByText(OFFLINE).waitFor();
      for (const text of ['one', 'two', 'three']) await writer.say(text);
      await waits(writer, ['one', 'two', 'three']);
      await writer.write('a draft, too');
      await until('the draft is kept', () => writer.page.evaluate(() => JSON.stringify({ ...localStorage }).includes('a draft, too')));
      await writer.page.reload();
      await writer.page.getByText(OFFLINE).waitFor();
      await waits(writer, ['one', 'two', 'three']);
      assert.equal(await writer.composer.inputValue(), 'a draft, too');
      await reader.say('meanwhile');
      await reader.sees('meanwhile');

      await writer.context.setOffline(false);
      const texts = ['before', 'meanwhile', 'one', 'two', 'three'];
      await Promise.all([writer.shows(texts), reader.shows(texts)]);
      await writer.page.getByText(OFFLINE).waitFor({ state: 'hidden' });
      assert.deepEqual(await stage.stored(room), texts);
      assert.equal(await writer.composer.inputValue(), 'a draft, too');
    });
  }

  test('a link that is cut and refused while three messages are written', async (t) => {
    const room = await stage.room('Bridge', [tomas]);
    const proxy = await Proxy.start(t, stage.server);
    const writer = await stage.window(t, mara, { through: proxy });
    const reader = await stage.window(t, tomas);
    await Promise.all([writer.enter(room), reader.enter(room)]);
    await writer.say('before');
    await reader.sees('before');

    proxy.refuse(true);
    proxy.cut();
    for (const text of ['one', 'two', 'three']) await writer.say(text);
    await writer.page.getByText(/Reconnecting|You're offline/).first().waitFor();
    await waits(writer, ['one', 'two', 'three']);
    await reader.say('meanwhile');
    await reader.sees('meanwhile');
    proxy.refuse(false);

    const texts = ['before', 'meanwhile', 'one', 'two', 'three'];
    await Promise.all([writer.shows(texts), reader.shows(texts)]);
    assert.deepEqual(await stage.stored(room), texts);
  });

  test('an answer that never comes is asked for again, and the message is there once', async (t) => {
    const room = await stage.room('Ferry', [tomas]);
    const proxy = await Proxy.start(t, stage.server);
    const writer = await stage.window(t, mara, { through: proxy });
    await writer.enter(room);
    await writer.say('before');
    await writer.sees('before');

    proxy.halfOpen();
    await writer.say('heard, not answered');
    await until('the server has it', async () => (await stage.stored(room)).length === 2);
    proxy.cut();
    await writer.shows(['before', 'heard, not answered']);
    await writer.say('after');
    await writer.shows(['before', 'heard, not answered', 'after']);
    assert.deepEqual(await stage.stored(room), ['before', 'heard, not answered', 'after']);
  });
});

/** The page's files are on the device, so that it opens without a network. */
const shellIsKept = ({ page }) =>
  until('the service worker is there', () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'),
  );

/** The last messages are these, none of them sent. */
async function waits(window, texts) {
  await until('the messages wait', async () => {
    const last = (await window.said()).slice(-texts.length);
    return last.length === texts.length && last.every(({ text, state }, at) => state !== undefined && text === texts[at]);
  });
}
