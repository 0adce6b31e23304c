// Holds the licences of npm packages to the list in deny.toml: `node scripts/npm-licences.mjs …/package-lock.json …`.
// What only develops or builds (a lock file's `dev`) is left out: nobody who runs or builds on Loquat gets it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The licences that deny.toml allows. */
export function allowed(denyToml) {
  const list = /^allow = \[([^\]]*)\]/m.exec(denyToml);
  if (!list) throw new Error('deny.toml has no list of allowed licences');
  return new Set([...list[1].matchAll(/"([^"]+)"/g)].map((match) => match[1]));
}

/** Whether an SPDX expression can be satisfied with licences of a set; what can't be read is not. */
export function permits(expression, licences) {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const take = (word) => tokens[0] === word && tokens.shift() !== undefined;
  const one = () => {
    if (take('(')) {
      const inner = either();
      return take(')') && inner;
    }
    const name = tokens.shift() ?? '';
    return licences.has(take('WITH') ? `${name} WITH ${tokens.shift()}` : name);
  };
  const both = () => {
    let permitted = one();
    while (take('AND')) permitted = one() && permitted;
    return permitted;
  };
  const either = () => {
    let permitted = both();
    while (take('OR')) permitted = both() || permitted;
    return permitted;
  };
  const permitted = either();
  return permitted && tokens.length === 0;
}

/** What a lock file brings along that is not permitted, a line each; `read` gives the text of a file below it. */
export function problems(lock, licences, read) {
  const shipped = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.dev && !entry.link);
  return shipped.flatMap(([path, entry]) => {
    const licence = entry.license ?? installed(path, read);
    const name = path.replace(/^.*node_modules\//, '');
    if (typeof licence === 'string' && permits(licence, licences)) return [];
    return [`${name} ${entry.version}: ${licence ?? 'no licence given'}`];
  });
}

function installed(path, read) {
  try {
    return JSON.parse(read(join(path, 'package.json'))).license;
  } catch {
    return undefined;
  }
}

function main(files) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const licences = allowed(readFileSync(join(root, 'deny.toml'), 'utf8'));
  const read = (folder) => (path) => readFileSync(join(folder, path), 'utf8');
  const found = files.flatMap((file) => {
    const lock = JSON.parse(readFileSync(file, 'utf8'));
    return problems(lock, licences, read(dirname(file))).map((problem) => `${file}: ${problem}`);
  });
  for (const problem of found) console.error(`not permitted: ${problem}`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
