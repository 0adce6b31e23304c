// Runs the scenarios, or those whose file names contain one of the arguments. The last line is the summary.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folder = join(import.meta.dirname, 'scenarios');
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort()
  .map((name) => join(folder, name));

let passed = 0;
let failed = 0;
// A suite or a file is no test of its own, but one that breaks outside its tests has failed.
const counts = (event) => event.details?.type !== 'suite' && !files.includes(event.name);

// A file ends with its last test: what Node holds open then, such as a socket whose server was killed, keeps nobody waiting.
const events = run({ files, concurrency: 2, timeout: 120_000, forceExit: true });
events.on('test:pass', (event) => {
  if (counts(event)) passed += 1;
});
events.on('test:fail', (event) => {
  if (counts(event) || event.details?.error?.failureType !== 'subtestsFailed') failed += 1;
});
events.compose(new spec()).pipe(process.stdout, { end: false });
events.on('end', () => {
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  setImmediate(() => console.log(`${passed} passed, ${failed} failed`));
});
