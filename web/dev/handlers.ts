import type { AdminPerson } from "../src/api/model.ts";
import { accounts } from "./handlers/accounts.ts";
import { admin } from "./handlers/admin.ts";
import { rooms } from "./handlers/rooms.ts";
import { settings } from "./handlers/settings.ts";
import { type Ask, problem, type Reply } from "./reply.ts";
import type { World } from "./world.ts";

export type Handler = (world: World, ask: Ask) => Reply;
/** `GET /rooms/:room` and what answers it. */
export type Handlers = Readonly<Record<string, Handler>>;

const all: Handlers = { ...accounts, ...settings, ...rooms, ...admin };
const OPEN =
  /^(GET \/server|POST \/(setup|sign-up|sign-in|recovery|recovery\/complete)|GET \/invitations\/:code)$/;

const compiled = Object.entries(all).map(([name, handler]) => {
  const [method = "", pattern = ""] = name.split(" ");
  return { name, method, path: new RegExp(`^${pattern.replace(/:\w+/g, "([^/]+)")}$`), handler };
});

export function personOf(world: World, ask: Ask): AdminPerson {
  const person = world.people.find((one) => one.id === ask.person);
  if (person === undefined) throw new Error("no such person");
  return person;
}

/** Answers a request of the API. */
export function answer(world: World, method: string, path: string, ask: Omit<Ask, "params">): Reply {
  for (const route of compiled) {
    const found = route.method === method ? route.path.exec(path) : null;
    if (found === null) continue;
    if (!OPEN.test(route.name) && ask.person === "")
      return problem(401, 41001, "there is no session, or it has ended");
    return route.handler(world, { ...ask, params: found.slice(1).map(decodeURIComponent) });
  }
  return problem(404, 40400, "there is no such resource");
}
