// What axe-core finds on a screen: nothing serious, nothing critical.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GRAVE = ['serious', 'critical'];

/** Fails if people with a screen reader, with little sight or without a pointer are shut out of what is shown. */
export async function accessible(window, what) {
  const { page } = window;
  await settled(page);
  // Past the page's policy, which lets no stranger's script in: by the debugger, not by an element.
  await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const grave = violations
    .filter(({ impact }) => GRAVE.includes(impact))
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join('\n  ')}`);
  assert.deepEqual(grave, [], `axe-core on ${what}`);
}

/** Motion is over, and what shows only while the list scrolls is gone: colours that are half way there would be judged. */
function settled(page) {
  return page.waitForFunction(() => {
    const still = document.getAnimations().every(({ playState, effect }) => {
      const endless = effect?.getComputedTiming().iterations === Infinity;
      return endless || playState !== 'running';
    });
    return still && document.querySelector('[data-shown]') === null;
  });
}
