// Very many rooms in the list: when it is there, and how long a letter takes to show while the list scrolls.
import { median } from './stand.js';

const ROOMS = 5_000;
const AT_ONCE = 8;
const LETTERS = 40;
const LETTER_MS_MAX = 50;

export async function manyRooms(stand) {
  const names = Array.from({ length: ROOMS }, (_, at) => `Room ${at}`);
  let last;
  for (let at = 0; at < ROOMS; at += AT_ONCE) last = (await Promise.all(names.slice(at, at + AT_ONCE).map((name) => stand.room(name)))).at(-1);
  const page = await stand.page();
  const began = performance.now();
  await page.goto(`${stand.server.url}/rooms/${last}`, { waitUntil: 'commit' });
  await page.locator('[data-room]').first().waitFor();
  const shown_ms = performance.now() - began;
  await page.locator('[data-composer]').focus();
  const letters = await type(page);
  return [
    { what: `${ROOMS.toLocaleString('en')} rooms: from the address to the list`, measured: `${shown_ms.toFixed(0)} ms`, bar: '–' },
    {
      what: 'the same: from a letter to the frame after it, while the list scrolls, median and slowest',
      measured: `${median(letters).toFixed(0)} ms, ${Math.max(...letters).toFixed(0)} ms`,
      bar: `≤ ${LETTER_MS_MAX} ms`,
      met: median(letters) <= LETTER_MS_MAX,
    },
  ];
}

async function type(page) {
  await page.evaluate(() => {
    globalThis.letters = [];
    document.addEventListener('keydown', ({ timeStamp }) => {
      requestAnimationFrame(() => setTimeout(() => globalThis.letters.push(performance.now() - timeStamp)));
    }, true);
  });
  await page.mouse.move(150, 400);
  for (let letter = 0; letter < LETTERS; letter += 1) {
    await page.mouse.wheel(0, 700);
    await page.keyboard.press('a');
  }
  await page.waitForFunction((count) => globalThis.letters.length >= count, LETTERS);
  return page.evaluate(() => globalThis.letters);
}
