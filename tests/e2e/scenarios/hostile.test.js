// Hostile text and hostile people: no script runs, nothing is laid out wrongly, and who is out is out.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Proxy } from '../../sdk/lib/proxy.js';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';
import { SOON_MS } from '../lib/window.js';

const MESSAGE_BYTES = 100 * 1024;
/** Texts that would run something, if anything ran; they call what a page of ours never has. */
const SCRIPTS = [
  '<script>pwned()</script>',
  '<img src=x onerror=pwned()>',
  '<svg/onload=pwned()>',
  '<iframe srcdoc="<script>parent.pwned()</script>"></iframe>',
  '[link](javascript:pwned())',
  '[link](JaVaScRiPt:pwned())',
  '[link](data:text/html,<script>pwned()</script>)',
  '[link](vbscript:pwned())',
  '![image](javascript:pwned())',
  '![image](https://tracker.invalid/pixel.png)',
  '<javascript:pwned()>',
  '[a]: javascript:pwned()\n\n[a]',
  '```html\n<script>pwned()</script>\n```',
  '"><a href="javascript:pwned()">x</a>',
  '{{constructor.constructor("pwned()")()}}',
];
const LAYOUT = [
  'x'.repeat(3_000),
  `https://example.org/${'very-long-'.repeat(200)}`,
  '\u202Egnirts desrever a\u202C and on',
  `a${'\u0301'.repeat(500)} stacked`,
  `zero${'\u200B'.repeat(200)}width`,
  'שלום עולם, mixed with English, ومع العربية',
  `| ${'wide | '.repeat(80)}\n| ${'--- | '.repeat(80)}\n| ${'cell | '.repeat(80)}`,
  `${'> '.repeat(60)}deep quote`,
  `${'- '.repeat(40)}deep list`,
  '\n'.repeat(200),
  '𝕏🏳️‍🌈👩‍👩‍👧‍👦'.repeat(200),
].filter((text) => text.trim() !== '');

describe('hostile', () => {
  const stage = Stage.shared();
  let mara;
  let mallory;
  before(async () => {
    [mara, mallory] = await stage.people('Mara', 'Mallory');
  });

  /** A window that tells whether a script of a message ran, whatever was refused, and whom the page asked. */
  async function guarded(t, person, options) {
    const window = await stage.window(t, person, options);
    const ran = [];
    const asked = new Set();
    await window.context.exposeBinding('pwned', () => ran.push('pwned'));
    await window.page.addInitScript(() => {
      globalThis.refused = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        globalThis.refused.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    window.page.on('request', (request) => asked.add(new URL(request.url()).host));
    const verify = async () => {
      assert.deepEqual(ran, [], 'nothing ran');
      assert.deepEqual(await window.page.evaluate(() => globalThis.refused), [], 'the page tried nothing that it may not');
      assert.deepEqual([...asked].filter((host) => !host.startsWith('127.0.0.1:') && host !== ''), [], 'nobody else was asked');
      assert.equal(await window.overflows(), false, 'nothing sticks out');
    };
    return { window, verify };
  }

  for (const device of ['desktop', 'phone']) {
    test(`${device}: scripts, HTML and addresses in messages are text`, async (t) => {
      const room = await stage.room(`Alley ${device}`, [mallory]);
      const { window, verify } = await guarded(t, mara, { device });
      await window.enter(room);
      for (const text of SCRIPTS) await mallory.ask('POST', `/rooms/${room}/messages`, { text });
      await mallory.ask('POST', `/rooms/${room}/messages`, { text: 'the last' });
      await window.sees('the last');
      const links = await window.page.getByRole('article').getByRole('link').evaluateAll((all) => all.map((one) => one.href));
      assert.deepEqual(links.filter((href) => !/^(https?|mailto):/.test(href)), []);
      for (const link of await window.page.getByRole('article').getByText('link', { exact: true }).all()) await link.click();
      assert.equal(await window.page.locator('article img, article iframe, article script, article svg[onload]').count(), 0);
      await window.sees('<img src=x onerror=pwned()>');
      await verify();
      assert.equal(new URL(window.page.url()).pathname, `/rooms/${room}`);
    });

    test(`${device}: long words, stacked marks, other directions and deep nests stay in their place`, async (t) => {
      const room = await stage.room(`Lane ${device}`, [mallory]);
      for (const text of LAYOUT) await mallory.ask('POST', `/rooms/${room}/messages`, { text });
      const { window, verify } = await guarded(t, mara, { device });
      await window.enter(room);
      await window.button('Newest messages').click();
      await window.messages('𝕏').first().waitFor();
      const scroller = window.page.getByRole('region', { name: 'Messages' });
      for (let top = 0; top < 20; top += 1) {
        const wide = await scroller.evaluate((element) => element.scrollWidth > element.clientWidth);
        assert.equal(wide, false, 'the timeline does not scroll sideways');
        await scroller.evaluate((element) => element.scrollBy(0, -600));
      }
      await window.say('still works');
      await window.sees('still works');
      await verify();
    });
  }

  test('names that deceive are refused at their field; names that look like code are text', async (t) => {
    const { window, verify } = await guarded(t, await mallory.again());
    await window.go('/settings/profile');
    const name = window.page.getByRole('textbox', { name: 'Your name' });
    for (const bad of ['Ma\u202Era', 'Mara\u200B', '\u2066Mara\u2069', ' ']) {
      await name.fill(bad);
      await window.button('Save').click();
      await until('the name is refused', async () => (await name.getAttribute('aria-invalid')) === 'true');
      await window.page.reload();
    }
    await name.fill('<b onclick=pwned()>Mal</b>');
    await window.button('Save').click();
    await window.page.getByText('Saved').first().waitFor();
    const room = await stage.room('<script>pwned()</script>', [mallory]);
    await window.enter(room);
    await window.say('hello');
    await window.sees('hello');
    await window.messages('<b onclick=pwned()>Mal</b>').first().waitFor();
    await verify();
    await mallory.ask('PATCH', '/me', { name: 'Mallory' });
  });

  test('a message of 100 KB is refused while it is still in the composer, and says why', async (t) => {
    const room = await stage.room('Hangar', [mallory]);
    const { window, verify } = await guarded(t, mara);
    await window.enter(room);
    await window.composer.fill('a'.repeat(MESSAGE_BYTES));
    await window.page.getByRole('alert').filter({ hasText: /bytes too long/ }).waitFor();
    await window.composer.press('Enter');
    assert.equal((await window.composer.inputValue()).length >= MESSAGE_BYTES, true, 'what was written stays');
    const answer = await mara.request('POST', `/rooms/${room}/messages`, { text: 'a'.repeat(MESSAGE_BYTES) });
    assert.ok([400, 413, 422].includes(answer.status), `${answer.status}`);
    assert.match(answer.headers.get('content-type'), /problem\+json/);
    assert.deepEqual(await stage.stored(room), []);
    await verify();
  });

  test('who is removed loses the room at once, with page, token and history', async (t) => {
    const room = await stage.room('Vault', [mallory]);
    const { window } = await guarded(t, mallory);
    await window.enter(room);
    await mara.ask('POST', `/rooms/${room}/messages`, { text: 'a secret' });
    await window.sees('a secret');
    const { token } = await mallory.ask('POST', '/me/realtime-token');
    const history = () => fetch(`${stage.server.url}/chat/v4/rooms/${room}/messages?limit=10`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await history()).status, 200);

    const gone = window.page.getByText('a secret').first().waitFor({ state: 'hidden', timeout: SOON_MS });
    await mara.ask('DELETE', `/rooms/${room}/members/${mallory.id}`);
    await gone;
    await window.page.getByText("You aren't in this room any more").first().waitFor();
    assert.equal(await window.room(/Vault/).count(), 0);
    assert.equal((await history()).status, 401);
    const refused = [
      await mallory.request('GET', `/rooms/${room}`),
      await mallory.request('GET', `/me/rooms/${room}`),
      await mallory.request('GET', `/rooms/${room}/members`),
      await mallory.request('POST', `/rooms/${room}/messages`, { text: 'x' }),
      await mallory.request('GET', '/rooms/r_aaaaaaaaaaaaaaaa'),
    ];
    assert.deepEqual(refused.map(({ status }) => status), [404, 404, 404, 404, 404]);
    await window.page.reload();
    await window.page.getByText('No such room').first().waitFor();
  });

  test('a page of another origin can neither write with the cookie nor frame ours', async (t) => {
    const other = await Proxy.start(t, stage.server);
    const window = await stage.window(t, mara);
    await window.page.goto(`http://localhost:${other.port}/healthz`);
    const answer = await window.page.evaluate(async (url) => {
      const headers = { 'content-type': 'application/json' };
      const options = { method: 'POST', credentials: 'include', headers, body: '{"kind":"public","name":"forged"}' };
      return fetch(`${url}/api/v1/rooms`, options).then(({ status }) => status, () => 'blocked');
    }, stage.server.url);
    assert.equal(answer, 'blocked');
    assert.match(window.complaints.splice(0).join(), /blocked by CORS policy/);
    const forged = await mara.request('POST', '/rooms', { kind: 'public', name: 'forged' }, { origin: 'http://evil.invalid' });
    assert.equal(forged.status, 403);
    const page = await stage.server.fetch('/', { headers: { accept: 'text/html' } });
    assert.equal(page.headers.get('x-frame-options'), 'DENY');
    assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.doesNotMatch(page.headers.get('content-security-policy'), /unsafe-(inline|eval)/);
    const { items } = await mara.ask('GET', '/rooms?prefix=forged');
    assert.deepEqual(items, []);
  });
});
