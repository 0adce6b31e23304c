// Screenshots for docs/screens, taken when LOQUAT_SCREENS is set.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../docs/screens');
const BYTES_MAX = 150 * 1024;
const WANTED = process.env.E2E_SCREENS === '1';

/** Keeps what the window shows as `<what>-<device>-<theme>.png`. */
export async function keepScreen({ page, device }, what, theme) {
  if (!WANTED) return;
  const path = join(FOLDER, `${what}-${device}-${theme}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  assert.ok(statSync(path).size < BYTES_MAX, `${path} is small`);
}
