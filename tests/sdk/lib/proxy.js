// A TCP proxy whose links a test can break in the ways that networks break.
import { connect, createServer } from 'node:net';

/** Ends a socket with a reset; plainly where it is half closed, since Node never frees such a socket after a reset. */
function reset(socket) {
  if (socket.writableEnded || socket.readableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

export class Proxy {
  /** A proxy in front of `server`, closed after `t`. */
  static async start(t, server) {
    const proxy = new Proxy(server);
    await new Promise((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.listener.address().port;
    t.after(() => proxy.stop());
    return proxy;
  }

  constructor(server) {
    this.server = server;
    this.links = new Set();
    this.refusing = false;
    this.accepted = 0;
    this.listener = createServer({ allowHalfOpen: true }, (near) => this.link(near));
  }

  link(near) {
    this.accepted += 1;
    if (this.refusing) return reset(near);
    const far = connect({ port: this.server.port, host: '127.0.0.1', allowHalfOpen: true });
    const link = { near, far };
    this.links.add(link);
    const end = () => {
      this.links.delete(link);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', end);
    }
    near.pipe(far);
    far.pipe(near);
  }

  /** Ends every link with a reset in both directions. */
  cut() {
    for (const { near, far } of this.links) {
      reset(near);
      reset(far);
    }
  }

  /** Links stay open and carry nothing, as behind a router that lost its state. */
  stall() {
    for (const { near, far } of this.links) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
  }

  /** The client is heard and hears nothing: only the way back is dead. */
  halfOpen() {
    for (const { near, far } of this.links) {
      far.unpipe(near);
      far.resume();
    }
  }

  /** The client takes nothing until [`flow`]: what the server writes piles up on the way to it. */
  dam() {
    for (const { near, far } of this.links) {
      far.unpipe(near);
      far.pause();
    }
  }

  /** Ends [`dam`]. */
  flow() {
    for (const { near, far } of this.links) far.pipe(near);
  }

  /** New links are refused until told otherwise; open ones stay. */
  refuse(on) {
    this.refusing = on;
  }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}
