import type { ApiKey, ApiToken, Invitation, Recovery, Server, Session } from "../src/api/model.ts";
import { id, makePeople, publicPerson } from "./people.ts";
import { makeListings } from "./rooms.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Everything that the mock server knows; changed in place by its handlers. */
export function makeWorld(now_ms: number) {
  const people = makePeople(now_ms);
  const mara = people[0];
  if (mara === undefined) throw new Error("no people");
  const server: Server = {
    name: "Loquat",
    version: "0.2.0",
    sign_up: "open",
    needs_setup: false,
    app: "demo",
    max_message_bytes: 65_536,
    password_bytes_min: 10,
  };
  const sessions: Session[] = [
    {
      id: id("s", 1),
      label: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      address: "192.0.2.17",
      created_ms: now_ms - 3 * DAY_MS,
      seen_ms: now_ms - 20_000,
      expires_ms: now_ms + 20 * DAY_MS,
      current: true,
    },
    {
      id: id("s", 2),
      label:
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1",
      address: "198.51.100.4",
      created_ms: now_ms - 12 * DAY_MS,
      seen_ms: now_ms - 2 * HOUR_MS,
      expires_ms: now_ms + 20 * DAY_MS,
      current: false,
    },
    {
      id: id("s", 3),
      label: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36",
      address: "2001:db8::5",
      created_ms: now_ms - 40 * DAY_MS,
      seen_ms: now_ms - 9 * DAY_MS,
      expires_ms: now_ms + 20 * DAY_MS,
      current: false,
    },
  ];
  const tokens: ApiToken[] = [
    {
      id: id("t", 1),
      name: "Deploy bot",
      created_ms: now_ms - 20 * DAY_MS,
      expires_ms: null,
      used_ms: now_ms - 3 * HOUR_MS,
    },
    {
      id: id("t", 2),
      name: "Backup script",
      created_ms: now_ms - 3 * DAY_MS,
      expires_ms: now_ms + 27 * DAY_MS,
      used_ms: null,
    },
  ];
  const invitations: Invitation[] = [
    {
      id: id("i", 1),
      room: null,
      created_by: mara.id,
      created_ms: now_ms - 2 * DAY_MS,
      expires_ms: now_ms + 5 * DAY_MS,
      uses_max: 10,
      uses: 3,
      revoked_ms: null,
    },
    {
      id: id("i", 2),
      room: null,
      created_by: people[4]?.id ?? mara.id,
      created_ms: now_ms - 9 * DAY_MS,
      expires_ms: null,
      uses_max: null,
      uses: 14,
      revoked_ms: null,
    },
  ];
  const recoveries: Recovery[] = [3, 7].flatMap((index) => {
    const person = people[index];
    return person === undefined
      ? []
      : [{ person: publicPerson(person), at_ms: now_ms - index * 0.4 * HOUR_MS }];
  });
  const keys: ApiKey[] = [
    { name: "demo.root", capability: { "*": ["*"] }, created_ms: now_ms - 200 * DAY_MS, revoked_ms: null },
    {
      name: "demo.k7Qx2w",
      capability: { "status:*": ["subscribe", "history"] },
      created_ms: now_ms - 30 * DAY_MS,
      revoked_ms: null,
    },
  ];
  return {
    started_ms: now_ms - 9 * DAY_MS - 5 * HOUR_MS,
    server,
    people,
    sessions,
    tokens,
    invitations,
    recoveries,
    keys,
    listings: makeListings(mara.id, people, now_ms),
    /** The password that is refused; every other one is right. */
    wrongPassword: "wrong",
    made: 100,
  };
}

export type World = ReturnType<typeof makeWorld>;
