// A publisher that never waits: it keeps several publishes in flight, as a busy application does.
import { until } from './wait.js';

const IN_FLIGHT = 8;

/** Publishes `prefix0`, `prefix1`, … with several in flight until told to stop. */
export class Burst {
  constructor(channel, prefix = '') {
    Object.assign(this, { channel, prefix, sent: [], acknowledged: [], failed: [], stopped: false, next: 0 });
    this.workers = Array.from({ length: IN_FLIGHT }, () => this.work());
  }

  async work() {
    while (!this.stopped) {
      const data = `${this.prefix}${this.next}`;
      this.next += 1;
      this.sent.push(data);
      try {
        const { serials } = await this.channel.publish('burst', data);
        this.acknowledged.push({ data, serial: serials[0] });
      } catch (error) {
        this.failed.push({ data, error });
      }
      // Lets timers and sockets have their turn even if every answer is there at once.
      await new Promise(setImmediate);
    }
  }

  /** Waits until `count` more have been acknowledged. */
  async more(count, ms_max) {
    const goal = this.acknowledged.length + count;
    await until(`${goal} publishes were acknowledged`, () => this.acknowledged.length >= goal, ms_max);
  }

  /** Ends it when everything sent has its answer. */
  async stop() {
    this.stopped = true;
    await Promise.all(this.workers);
    return this.acknowledged;
  }
}
