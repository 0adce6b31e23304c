// How long until the composer takes a letter, beside an empty page in the same browser; and the script that it takes.
import { createServer } from 'node:http';
import { median } from './stand.js';

const RUNS = 9;
const RATIO_MAX = 1.5;
const SCRIPT_KIB_MAX = 200;
const EMPTY = '<!doctype html><meta charset="utf-8"><title>empty</title><textarea></textarea>';

export async function firstLoad(stand) {
  const room = await stand.room('Kitchen');
  await stand.seed(room, 100);
  const empty = createServer((_, response) => response.setHeader('content-type', 'text/html').end(EMPTY));
  await new Promise((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const emptyUrl = `http://127.0.0.1:${empty.address().port}/`;
  const times = { empty: [], app: [] };
  let script = 0;
  for (let run = 0; run <= RUNS; run += 1) {
    const bare = await visit(stand, emptyUrl);
    const app = await visit(stand, `${stand.server.url}/rooms/${room}`);
    script = app.script;
    // The first run warms the browser and the page cache.
    if (run > 0) times.empty.push(bare.took_ms) && times.app.push(app.took_ms);
  }
  empty.close();
  const [bare_ms, app_ms] = [median(times.empty), median(times.app)];
  const ratio = app_ms / bare_ms;
  return [
    {
      what: 'first load, composer typed into, beside an empty page',
      measured: `${app_ms.toFixed(0)} ms beside ${bare_ms.toFixed(0)} ms: ${ratio.toFixed(2)}`,
      bar: `≤ ${RATIO_MAX}`,
      met: ratio <= RATIO_MAX,
    },
    {
      what: 'script before the composer is usable, compressed',
      measured: `${(script / 1024).toFixed(1)} KiB`,
      bar: `≤ ${SCRIPT_KIB_MAX} KiB`,
      met: script <= SCRIPT_KIB_MAX * 1024,
    },
  ];
}

async function visit(stand, url) {
  const page = await stand.page();
  const began = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('textarea').pressSequentially('x');
  const took_ms = performance.now() - began;
  const script = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await page.context().close();
  return { took_ms, script };
}
