// How long until one can write in a room, beside an empty page in the same browser; and the script that it takes.
//
// The empty page is the app's own page, with all that describes it, but without script and style and with a text area
// in the app's place; a second process of the same server sends it, with the same headers, to the same signed-in
// person. Both are visited in turn: cold (nothing is cached, no service worker) and warm (the second visit and later
// ones with the same profile, the app's service worker installed).
//
// A page counts from its navigation's start. It is usable when a text area for the room is in the document, a frame
// with it has been drawn, and the main thread is free to take an event. Then a letter is typed, which must still be
// there when the app's own script has taken over and shows the newest message. Those times have no bar.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { Server } from '../../sdk/lib/server.js';
import { DEVICES } from '../lib/browser.js';
import { median } from './stand.js';

const RUNS = 15;
const RATIO_MAX = 1.5;
const SCRIPT_KIB_MAX = 200;

export async function firstLoad(stand) {
  const room = await stand.room('Kitchen');
  await stand.seed(room, 100);
  const folder = mkdtempSync(join(tmpdir(), 'loquat-empty-'));
  const empty = new Server(['--web-dir', folder]);
  try {
    await writeEmptyPage(stand, folder);
    await empty.launch();
    const app = `${stand.server.url}/rooms/${room}`;
    const cold = await compare(stand, { empty: empty.url, app, isWarm: false });
    const warm = await compare(stand, { empty: empty.url, app, isWarm: true });
    return [...rows('cold', cold), ...rows('warm', warm), scriptRow(cold.app)];
  } finally {
    await empty.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The app's page with nothing to do. */
async function writeEmptyPage(stand, folder) {
  const page = await (await fetch(`${stand.server.url}/`)).text();
  const bare = page
    .replace(/<script[^>]*><\/script>/g, '')
    .replace(/<link rel="(modulepreload|preload|stylesheet)"[^>]*>/g, '')
    .replace('<div id="root"></div>', '<div id="root"><textarea></textarea></div>');
  writeFileSync(join(folder, 'index.html'), bare);
  writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(bare));
}

/** Visits both pages in turn, as often as is measured. */
async function compare(stand, { empty, app, isWarm }) {
  const times = { empty: [], app: [] };
  const profiles = isWarm ? { empty: await profile(stand, isWarm), app: await profile(stand, isWarm) } : {};
  if (isWarm) await installed(profiles.app, app);
  // The first visits warm the browser and the page cache.
  for (let run = -1; run < RUNS; run += 1) {
    for (const [kind, url] of [['empty', empty], ['app', app]]) {
      const context = profiles[kind] ?? (await profile(stand, isWarm));
      const time = await visit(context, url, kind === 'app');
      if (!isWarm) await context.close();
      if (run >= 0) times[kind].push(time);
    }
  }
  for (const context of Object.values(profiles)) await context.close();
  return times;
}

async function profile(stand, isWarm) {
  const context = await stand.browser.newContext({ ...DEVICES.desktop, serviceWorkers: isWarm ? 'allow' : 'block' });
  const [name, ...value] = stand.person.cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url: stand.server.url, httpOnly: true, sameSite: 'Strict' }]);
  await context.addInitScript(watch);
  return context;
}

/** Leaves the profile as after a first visit: its service worker answers for the app's files. */
async function installed(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((controlled) => navigator.serviceWorker.addEventListener('controllerchange', controlled, { once: true }));
    }
  });
  await page.close();
}

/** Runs in the page before anything else: notes when it is usable, taken over by the app, and filled. */
function watch() {
  const soon = {};
  const moments = Object.fromEntries(['usable', 'own', 'filled'].map((name) => [name, new Promise((done) => (soon[name] = done))]));
  globalThis.moments = moments;
  const wanted = { usable: 'textarea', own: '#root textarea', filled: '#root [data-serial]' };
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (!document.querySelector(selector)) continue;
      delete wanted[name];
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => soon[name](performance.now());
        port2.postMessage(null);
      });
    }
    if (Object.keys(wanted).length === 0) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
}

async function visit(context, url, isApp) {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  const usable_ms = await page.evaluate(() => globalThis.moments.usable);
  await page.locator('textarea').press('x');
  const time = { usable_ms };
  if (isApp) {
    time.own_ms = await page.evaluate(() => globalThis.moments.own);
    time.filled_ms = await page.evaluate(() => globalThis.moments.filled);
    time.script = await page.evaluate(scriptUntil, usable_ms);
  }
  const kept = await page.locator('textarea').inputValue();
  if (kept !== 'x') throw new Error(`the letter became "${kept}"`);
  await page.locator('textarea').fill('');
  await page.close();
  return time;
}

/** Bytes of script, as they travelled, that had arrived by a moment. */
function scriptUntil(until_ms) {
  const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
  return scripts.filter(({ responseEnd }) => responseEnd <= until_ms).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
}

function rows(state, times) {
  const of = (kind, moment) => median(times[kind].map((time) => time[moment]));
  const [bare_ms, app_ms] = [of('empty', 'usable_ms'), of('app', 'usable_ms')];
  const ratio = app_ms / bare_ms;
  return [
    {
      what: `first load, ${state}: one can write in the room, beside an empty page`,
      measured: `${app_ms.toFixed(0)} ms beside ${bare_ms.toFixed(0)} ms: ${ratio.toFixed(2)}`,
      bar: `≤ ${RATIO_MAX} ×`,
      met: ratio <= RATIO_MAX,
    },
    {
      what: `the same: the app's own script has taken over; its newest messages are there`,
      measured: `${of('app', 'own_ms').toFixed(0)} ms; ${of('app', 'filled_ms').toFixed(0)} ms`,
      bar: '–',
    },
  ];
}

function scriptRow(visits) {
  const script = Math.max(...visits.map((time) => time.script));
  return {
    what: 'script that has arrived by then, compressed',
    measured: `${(script / 1024).toFixed(1)} KiB`,
    bar: `≤ ${SCRIPT_KIB_MAX} KiB`,
    met: script <= SCRIPT_KIB_MAX * 1024,
  };
}
