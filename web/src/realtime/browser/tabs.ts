/** What the tabs of one browser share: a signal between them, and the lock that lets one of them send. */
import type { PersonId } from "@/sync/model";
import type { OutboxSignal, SenderLock, Signal } from "@/sync/outbox/ports";

export function outboxSignal(person: PersonId): OutboxSignal & { close(): void } {
  const channel =
    typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`loquat:outbox:${person}`);
  return {
    send: (signal) => channel?.postMessage(signal),
    listen(listener) {
      const hear = (event: MessageEvent<Signal>) => listener(event.data);
      channel?.addEventListener("message", hear);
      return () => channel?.removeEventListener("message", hear);
    },
    close: () => channel?.close(),
  };
}

/**
 * The lock that the tab holds which sends; it goes to another one when that tab ends, however it ends. Browsers keep
 * it from pages without TLS: there each tab sends, and the server's memory of ids keeps a message from being doubled.
 */
export function senderLock(person: PersonId, locks: LockManager | undefined): SenderLock {
  return {
    async hold(run, stop) {
      if (locks === undefined) return run(stop);
      try {
        await locks.request(`loquat:outbox:${person}`, { signal: stop }, () => run(stop));
      } catch (error) {
        if (!stop.aborted) throw error;
      }
    },
  };
}
