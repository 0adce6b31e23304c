// Reactions in a room: seen for a moment by whoever is there, from scripts and from people; and what one is told who is removed.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Script } from '../lib/script.js';
import { Stage } from '../lib/stage.js';
import { until } from '../lib/wait.js';

describe('reactions', () => {
  const stage = Stage.shared();
  let mara;
  let tomas;
  before(async () => {
    [mara, tomas] = await stage.people('Mara', 'Tomas');
  });

  for (const device of ['desktop', 'phone']) {
    test(`a script and a person react, and nothing moves: ${device}`, async (t) => {
      const room = await stage.room('Stage', [tomas]);
      const window = await stage.window(t, tomas, { device });
      await window.enter(room);
      await window.say('Here we go');
      await window.sees('Here we go');
      const script = await Script.start(t, stage.server, room, 'applause-bot');
      const heard = [];
      script.room.reactions.subscribe(({ reaction }) => heard.push(`${reaction.clientId} ${reaction.name}`));

      const shown = window.page.locator('[data-reactions]');
      const place = await window.messages('Here we go').boundingBox();
      await script.room.reactions.send({ name: '👏' });
      await shown.getByText('👏').waitFor();
      await shown.getByText('applause-bot').waitFor();
      assert.deepEqual(await window.messages('Here we go').boundingBox(), place);
      assert.equal(await window.overflows(), false);
      await window.page.getByText('applause-bot reacts: 👏').waitFor({ state: 'attached' });
      await shown.waitFor({ state: 'detached' });

      await window.button('Emoji').click();
      await window.button('React with 🎉').click();
      await shown.getByText('🎉').waitFor();
      await until('the script hears the reaction', () => heard.includes(`${tomas.id} 🎉`));
      assert.deepEqual(await stage.stored(room), ['Here we go'], 'nothing of it is stored');
    });
  }

  test('who is removed while they read is told so, and led on', async (t) => {
    const room = await stage.room('Cellar', [tomas]);
    const window = await stage.window(t, tomas);
    await window.enter(room);
    await mara.ask('DELETE', `/rooms/${room}/members/${tomas.id}`);
    await window.page.getByRole('heading', { name: "You aren't in this room any more" }).first().waitFor();
    await window.button('Go to your rooms').click();
    await window.page.waitForURL(/\/$/);
  });
});
