// What one request for the whole list costs the server.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ROOMS = 300;
const REQUESTS = 100;
const CPU_MS_MAX = 20;
const TICK_MS = 1000 / Number(execFileSync('getconf', ['CLK_TCK']));

export async function listing(stand) {
  for (let at = 0; at < ROOMS; at += 1) {
    const room = await stand.room(`Room ${at}`);
    await stand.seed(room, 3);
  }
  await stand.person.ask('GET', '/me/rooms');
  const before_ms = cpu_ms(stand.server.child.pid);
  for (let request = 0; request < REQUESTS; request += 1) await stand.person.ask('GET', '/me/rooms');
  const each_ms = (cpu_ms(stand.server.child.pid) - before_ms) / REQUESTS;
  return [
    {
      what: `server CPU of one \`GET /api/v1/me/rooms\` with ${ROOMS} rooms`,
      measured: `${each_ms.toFixed(1)} ms`,
      bar: `≤ ${CPU_MS_MAX} ms`,
      met: each_ms <= CPU_MS_MAX,
    },
  ];
}

/** User and system time of a process, from the fields that follow its name. */
function cpu_ms(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
