// The server under test: a process of its own, with a data directory and a port that outlive a kill.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { until } from './wait.js';

const BINARY = process.env.LOQUAT_BIN;
if (!BINARY) throw new Error('LOQUAT_BIN must hold the path of the server');
const LOG_CHARS_MAX = 20_000;
/** Log lines that no scenario may cause: a broken law or a panic. */
const COMPLAINT = / ERROR |panicked at/;

export const KEY = 'app.key:secretsecretsecretsecretsecret12';
export const KEY_NAME = KEY.split(':')[0];
export const KEY_SECRET = KEY.split(':')[1];

/** A port of 127.0.0.1 that is free at the moment. */
export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const newDataDir = () => mkdtempSync(join(tmpdir(), 'loquat-sdk-'));

// Whatever ends this process, a time-out of the runner among it, ends its servers.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
process.on('SIGTERM', () => process.exit(1));

export class Server {
  /** A server of one test's own, with further flags; it ends with the test. */
  static async start(t, ...flags) {
    const server = new Server(flags);
    t.after(() => server.remove());
    await server.launch();
    return server;
  }

  /** A server for the tests of the suite in which this is called. */
  static shared(...flags) {
    const server = new Server(flags);
    before(() => server.launch());
    after(() => server.remove());
    return server;
  }

  constructor(flags) {
    Object.assign(this, { flags, log: '', complaints: [], dataDir: newDataDir() });
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process, also again after its end, and waits until it is ready. */
  async launch() {
    this.port ??= await freePort();
    const flags = ['--listen', `127.0.0.1:${this.port}`, '--data-dir', this.dataDir, '--root-key', KEY];
    const child = spawn(BINARY, ['serve', ...flags, ...this.flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    running.add(child);
    const keep = (chunk) => {
      this.log = (this.log + chunk).slice(-LOG_CHARS_MAX);
      this.complaints.push(...`${chunk}`.split('\n').filter((line) => COMPLAINT.test(line)));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.ended = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        running.delete(child);
        resolve({ code, signal });
      });
    });
    await until('the server is ready', () => this.isReady(), 20_000);
  }

  async isReady() {
    if (this.child.exitCode !== null) throw new Error(`the server ended:\n${this.log}`);
    try {
      return (await fetch(`${this.url}/readyz`)).status === 200;
    } catch {
      return false;
    }
  }

  /** The link that a new server prints for its first person. What it prints comes by a pipe: perhaps after it is ready. */
  setUpLink() {
    return until('the set-up link is printed', () => /http:\S+\/setup#\S+/.exec(this.log)?.[0]);
  }

  /** Ends the process as a crash does. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async restart() {
    await this.kill();
    await this.launch();
  }

  /** Asks the process to stop; answers with its exit code and how long it took. */
  async terminate() {
    const began = performance.now();
    this.child.kill('SIGTERM');
    const { code } = await this.ended;
    return { code, took_ms: performance.now() - began };
  }

  /** Runs a further command of the binary over the same data directory; answers with its output. */
  async command(...words) {
    const { stdout } = await promisify(execFile)(BINARY, [...words, '--data-dir', this.dataDir]);
    return stdout.trim();
  }

  /** A request of our own, past any client. */
  fetch(path, { key = KEY, ...options } = {}) {
    const authorization = `Basic ${Buffer.from(key).toString('base64')}`;
    return fetch(`${this.url}${path}`, { ...options, headers: { authorization, ...options.headers } });
  }

  /** From now on the server has an empty data directory, as after the loss of a disk. Call between two launches. */
  loseData() {
    rmSync(this.dataDir, { recursive: true, force: true });
    this.dataDir = newDataDir();
  }

  async remove() {
    if (this.child) await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
    if (this.complaints.length > 0) throw new Error(`the server complained:\n${this.complaints.join('\n')}`);
  }
}
