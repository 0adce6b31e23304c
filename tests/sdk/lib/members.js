// What a test sees of a channel's presence.
import { until } from './wait.js';

/** Subscribes to a channel's presence and keeps every event as `action clientId data`. */
export async function watch(channel) {
  const events = [];
  await channel.presence.subscribe((event) => {
    const data = typeof event.data === 'string' ? ` ${event.data}` : '';
    events.push(`${event.action} ${event.clientId}${data}`);
  });
  return events;
}

/** Waits until an event has come. */
export const has = (events, event, ms_max) => until(`${event} came, there is ${events}`, () => events.includes(event), ms_max);

/** The client ids of members, sorted. */
export const ids = (members) => members.map((member) => member.clientId).sort();
