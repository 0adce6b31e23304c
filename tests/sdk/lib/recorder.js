// What a subscriber has seen, and whether that is what it should have seen.
import assert from 'node:assert/strict';
import { until } from './wait.js';

export class Recorder {
  /** Subscribes to a channel and keeps every message. */
  static async on(channel) {
    const recorder = new Recorder();
    await channel.subscribe((message) => recorder.messages.push(message));
    return recorder;
  }

  messages = [];

  get data() {
    return this.messages.map((message) => message.data);
  }

  get names() {
    return this.messages.map((message) => message.name);
  }

  /** Waits until there are `count` messages; more are an error of the test that asked. */
  async count(count, ms_max) {
    await until(`${count} messages came`, () => this.messages.length >= count, ms_max).catch((error) => {
      throw new Error(`${error.message}; there are ${this.messages.length}`);
    });
    assert.equal(this.messages.length, count, `${this.messages.length} messages came instead of ${count}`);
    return this.messages;
  }

  /** Waits for a message with that data. */
  async has(data, ms_max) {
    await until(`the message ${data} came`, () => this.messages.some((message) => message.data === data), ms_max);
  }
}

/** The laws for one reader: nothing twice (DUP-1), serials only rise (ORD-1). */
export function inOrder(messages) {
  const ids = messages.map((message) => message.id);
  assert.equal(new Set(ids).size, ids.length, `doubled: ${ids.filter((id, at) => ids.indexOf(id) !== at)}`);
  messages.forEach((message, at) => {
    assert.ok(at === 0 || messages[at - 1].serial < message.serial, `serial ${message.serial} at ${at} does not rise`);
  });
}

/** That a reader saw exactly these, each once, in order. */
export function exactly(messages, expected) {
  inOrder(messages);
  const data = messages.map((message) => message.data);
  const missing = expected.filter((item) => !data.includes(item));
  assert.deepEqual(missing, [], `lost: ${missing.slice(0, 10)}`);
  assert.deepEqual(data, expected);
}

/** Publishes `prefix0`, `prefix1`, … one after another until told to stop; keeps what was acknowledged. */
export class Stream {
  constructor(channel, prefix = '') {
    Object.assign(this, { channel, prefix, acknowledged: [], results: [], stopped: false });
    this.done = this.run();
  }

  async run() {
    for (let count = 0; !this.stopped; count += 1) {
      const data = `${this.prefix}${count}`;
      this.results.push(await this.channel.publish('stream', data));
      this.acknowledged.push(data);
    }
  }

  /** Waits until `count` more have been acknowledged. */
  async more(count, ms_max) {
    const goal = this.acknowledged.length + count;
    await until(`${goal} publishes were acknowledged`, () => this.acknowledged.length >= goal, ms_max);
  }

  async stop() {
    this.stopped = true;
    await this.done;
    return this.acknowledged;
  }
}
