import type { ApiToken } from "../../src/api/model.ts";
import { id } from "../people.ts";
import { type Ask, created, done, ok, problem } from "../reply.ts";
import type { World } from "../world.ts";

function self(world: World, ask: Ask) {
  const person = world.people.find((one) => one.id === ask.person) ?? world.people[0];
  if (person === undefined) throw new Error("nobody");
  return person;
}

export const settings = {
  "GET /me": (world: World, ask: Ask) => ok(self(world, ask)),
  "PATCH /me": (world: World, ask: Ask) => {
    if (world.people.some((one) => one.handle === ask.body["handle"] && one.id !== ask.person)) {
      return problem(409, 41010, "the handle is taken");
    }
    return ok(Object.assign(self(world, ask), ask.body));
  },
  "PUT /me/password": (world: World, { body }: Ask) =>
    body["current"] === world.wrongPassword ? problem(403, 41003, "the current password is wrong") : done,
  "GET /me/sessions": (world: World) => ok({ items: world.sessions, next: null }),
  "DELETE /me/sessions": (world: World) => {
    world.sessions = world.sessions.filter((one) => one.current);
    return done;
  },
  "DELETE /me/sessions/:session": (world: World, { params }: Ask) => {
    world.sessions = world.sessions.filter((one) => one.id !== params[0]);
    return done;
  },
  "GET /me/tokens": (world: World) => ok({ items: world.tokens, next: null }),
  "POST /me/tokens": (world: World, { body }: Ask) => {
    const ttl = body["expires_in_ms"];
    const token: ApiToken = {
      id: id("t", world.made++),
      name: String(body["name"]),
      created_ms: Date.now(),
      expires_ms: typeof ttl === "number" ? Date.now() + ttl : null,
      used_ms: null,
    };
    world.tokens.push(token);
    return created({ ...token, secret: "lqt_0hVx4n1mXq7cJtW3rZbK9yPfLdSgAeUiOoTvBnMw2Ys" });
  },
  "DELETE /me/tokens/:token": (world: World, { params }: Ask) => {
    world.tokens = world.tokens.filter((one) => one.id !== params[0]);
    return done;
  },
};
