/** Says how the connection is, to the shell: what the client reports, and what the browser knows of the network. */
import { type Connection, connection, onRetryNow } from "@/app/connection";
import type { Link, Realtime } from "../port";

export class ConnectionReport {
  #link: Link = { state: "connecting" };
  #everConnected = false;

  constructor(realtime: Promise<Realtime>, stop: AbortSignal) {
    connection.set({ state: "starting" });
    onRetryNow(() => void realtime.then((client) => client.retryNow()));
    const changed = () => this.#tell();
    window.addEventListener("online", changed, { signal: stop });
    window.addEventListener("offline", changed, { signal: stop });
    realtime.catch(() => this.link({ state: "lost", long: true }));
  }

  link(link: Link): void {
    this.#link = link;
    if (link.state === "connected") this.#everConnected = true;
    this.#tell();
  }

  #tell(): void {
    connection.set(describe(this.#link, this.#everConnected, navigator.onLine));
  }
}

/** A device without a network can't be connected, whatever the client has noticed so far. */
export function describe(link: Link, everConnected: boolean, online: boolean): Connection {
  if (!online) return { state: "offline" };
  switch (link.state) {
    case "connected":
      return { state: "live" };
    case "connecting":
      return { state: everConnected ? "reconnecting" : "starting" };
    case "failed":
      return { state: "unreachable" };
    case "lost": {
      const state = link.long || !everConnected ? "unreachable" : "reconnecting";
      return link.retry_at_ms === undefined ? { state } : { state, retry_at_ms: link.retry_at_ms };
    }
  }
}
