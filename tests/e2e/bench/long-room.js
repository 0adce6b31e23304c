// A room with very many messages beside one with few: how fast it opens, and how it scrolls.
import { median } from './stand.js';

const MANY = 100_000;
const FEW = 100;
const RUNS = 9;
const MORE_MAX = 1.1;
const FRAMES_MIN = 55;
const SCROLL_STEPS = 150;
const STEP_PX = 120;

export async function longRoom(stand) {
  const [few, many] = [await stand.room('Few'), await stand.room('Many')];
  await stand.seed(few, FEW);
  await stand.seed(many, MANY);
  await stand.person.ask('PUT', `/me/rooms/${few}/read`, {});
  await stand.person.ask('PUT', `/me/rooms/${many}/read`, {});
  const page = await stand.page();
  const times = { few: [], many: [] };
  for (let run = 0; run <= RUNS; run += 1) {
    const took = { few: await open(stand, page, few, FEW), many: await open(stand, page, many, MANY) };
    if (run > 0) for (const which of ['few', 'many']) times[which].push(took[which]);
  }
  const [few_ms, many_ms] = [median(times.few), median(times.many)];
  const frames = await scroll(page);
  return [
    {
      what: `opening a room of ${MANY.toLocaleString('en')} messages beside one of ${FEW}`,
      measured: `${many_ms.toFixed(0)} ms beside ${few_ms.toFixed(0)} ms: ${(many_ms / few_ms).toFixed(2)}`,
      bar: `≤ ${MORE_MAX}`,
      met: many_ms / few_ms <= MORE_MAX,
    },
    {
      what: 'frames a second while that room scrolls back, older messages being fetched',
      measured: `${frames.rate.toFixed(0)}, slowest ${frames.slowest_ms.toFixed(0)} ms, p95 ${frames.p95_ms.toFixed(0)} ms`,
      bar: '60',
      met: frames.rate >= FRAMES_MIN,
    },
  ];
}

async function open(stand, page, room, count) {
  const began = performance.now();
  await page.goto(`${stand.server.url}/rooms/${room}`, { waitUntil: 'commit' });
  await page.getByText(`message ${count - 1}:`).first().waitFor();
  return performance.now() - began;
}

/** Scrolls with the wheel, and takes the time of every frame meanwhile. */
async function scroll(page) {
  await page.mouse.move(800, 400);
  await page.evaluate(() => {
    globalThis.frames = [];
    const frame = (now) => {
      globalThis.frames.push(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  for (let step = 0; step < SCROLL_STEPS; step += 1) await page.mouse.wheel(0, -STEP_PX);
  const at = await page.evaluate(() => globalThis.frames);
  const gaps = at.slice(1).map((now, index) => now - at[index]).sort((one, other) => one - other);
  const rate = (at.length - 1) / ((at.at(-1) - at[0]) / 1000);
  return { rate, slowest_ms: gaps.at(-1), p95_ms: gaps[Math.floor(gaps.length * 0.95)] };
}
