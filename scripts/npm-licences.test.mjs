import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowed, permits, problems } from './npm-licences.mjs';

const licences = allowed('[licenses]\nallow = [\n    "MIT",\n    "Apache-2.0 WITH LLVM-exception",\n    "ISC",\n]\n');

test('an expression is permitted when the list can satisfy it', () => {
  for (const expression of ['MIT', '(MIT OR GPL-3.0)', 'GPL-3.0 OR (ISC AND MIT)', 'Apache-2.0 WITH LLVM-exception']) {
    assert.ok(permits(expression, licences), expression);
  }
  const refused = ['GPL-3.0', 'MIT AND GPL-3.0', '(MIT OR ISC) AND AGPL-3.0', 'Apache-2.0', '', 'MIT ISC', '(MIT', 'SEE LICENSE'];
  for (const expression of refused) assert.ok(!permits(expression, licences), expression);
});

test('what ships is named when it is not permitted, and what only builds is not looked at', () => {
  const lock = {
    packages: {
      '': { license: 'Apache-2.0' },
      'node_modules/good': { version: '1.0.0', license: 'MIT' },
      'node_modules/bad': { version: '2.0.0', license: 'AGPL-3.0' },
      'node_modules/good/node_modules/silent': { version: '3.0.0' },
      'node_modules/told': { version: '4.0.0' },
      'node_modules/tool': { version: '5.0.0', license: 'GPL-3.0', dev: true },
    },
  };
  const read = (path) => {
    assert.ok(path.endsWith('package.json'));
    if (path.includes('told')) return '{"license": "ISC"}';
    throw new Error('no such file');
  };
  assert.deepEqual(problems(lock, licences, read), ['bad 2.0.0: AGPL-3.0', 'silent 3.0.0: no licence given']);
});
