import type { ApiKey, Invitation } from "../../src/api/model.ts";
import { id } from "../people.ts";
import { type Ask, created, done, ok, problem } from "../reply.ts";
import type { World } from "../world.ts";

const PAGE = 20;

function people(world: World, { query }: Ask) {
  const prefix = (query.get("prefix") ?? "").toLowerCase();
  const found = world.people.filter(
    (one) => one.handle.startsWith(prefix) || one.name.toLowerCase().startsWith(prefix),
  );
  const after = found.findIndex((one) => one.id === query.get("after")) + 1;
  const items = found.slice(after, after + PAGE);
  return ok({ items, next: after + PAGE < found.length ? items.at(-1)?.id : null });
}

export const admin = {
  "GET /admin/people": people,
  "PATCH /admin/people/:person": (world: World, { params, body, person }: Ask) => {
    const found = world.people.find((one) => one.id === params[0]);
    if (found === undefined) return problem(404, 40400, "there is no such person");
    if (found.id === person) return problem(409, 41031, "the server needs an active administrator");
    return ok(Object.assign(found, body));
  },
  "POST /admin/people/:person/reset": () => {
    const code = "k3Jq8ZtW1xYp6Rb0VnMs4LcHd7GfEa2uTiOoPjKlQwE";
    return created({
      code,
      url: `http://127.0.0.1:8080/recover#${code}`,
      expires_ms: Date.now() + 86_400_000,
    });
  },
  "GET /admin/recoveries": (world: World) => ok({ items: world.recoveries, next: null }),
  "GET /admin/invitations": (world: World) => ok({ items: world.invitations, next: null }),
  "POST /admin/invitations": (world: World, { body, person }: Ask) => {
    const ttl = body["expires_in_ms"];
    const uses = body["uses_max"];
    const made: Invitation = {
      id: id("i", world.made++),
      room: null,
      created_by: person,
      created_ms: Date.now(),
      expires_ms: typeof ttl === "number" ? Date.now() + ttl : null,
      uses_max: typeof uses === "number" ? uses : null,
      uses: 0,
      revoked_ms: null,
    };
    world.invitations.unshift(made);
    const code = "Yb3kQ0vXn8LmWc5TzRj1HsPd9GaFe7UiOo2JxKtNqBw";
    return created({ ...made, code, url: `http://127.0.0.1:8080/join/${code}` });
  },
  "DELETE /admin/invitations/:invitation": (world: World, { params }: Ask) => {
    world.invitations = world.invitations.filter((one) => one.id !== params[0]);
    return done;
  },
  "GET /admin/rooms": (world: World) =>
    ok({ items: world.listings.map(({ room }) => room).filter(({ kind }) => kind !== "direct"), next: null }),
  "GET /admin/keys": (world: World) => ok({ items: world.keys, next: null }),
  "POST /admin/keys": (world: World, { body }: Ask) => {
    const key: ApiKey = {
      name: `demo.n${world.made++}`,
      capability: body["capability"] as ApiKey["capability"],
      created_ms: Date.now(),
      revoked_ms: null,
    };
    world.keys.push(key);
    return created({ ...key, secret: `${key.name}:s3cr3t-Jq8ZtW1xYp6Rb0VnMs4LcHd7GfEa2u` });
  },
  "DELETE /admin/keys/:name": (world: World, { params }: Ask) => {
    world.keys = world.keys.filter((one) => one.name !== params[0]);
    return done;
  },
  "GET /admin/stats": (world: World) =>
    ok({
      now_ms: Date.now(),
      messages_published_total: 40_123_456,
      messages_delivered_total: 812_345_678,
      connections: 1284 + (Date.now() % 40),
      channels: 311,
      messages_per_second: 46.2 + (Date.now() % 90) / 10,
      people: world.people.length,
      rooms: world.listings.length,
      uptime_ms: Date.now() - world.started_ms,
    }),
};
