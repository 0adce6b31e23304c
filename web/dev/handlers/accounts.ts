import type { AdminPerson } from "../../src/api/model.ts";
import { id } from "../people.ts";
import { type Ask, created, done, ok, problem, type Reply } from "../reply.ts";
import type { World } from "../world.ts";

const COOKIE = "loquat_session";

function cookie(person: string): string {
  return `${COOKIE}=${person}; Path=/; HttpOnly; SameSite=Strict`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function make(world: World, { body }: Ask, role: "administrator" | "member"): Reply {
  const handle = text(body["handle"]);
  if (world.people.some((one) => one.handle === handle))
    return problem(409, 41010, `the handle '${handle}' is taken`);
  if (text(body["password"]).length < 10) return problem(400, 41015, "the password has fewer than 10 bytes");
  const person: AdminPerson = {
    id: id("p", world.made++),
    handle,
    name: text(body["name"]),
    email: text(body["email"]) || null,
    time_zone: null,
    role,
    deactivated: false,
    created_ms: Date.now(),
    deactivated_ms: null,
    sessions: 1,
    version: world.made,
  };
  world.people.push(person);
  world.server.needs_setup = false;
  return { ...created({ person, room: null }), cookie: cookie(person.id) };
}

function invitation({ params }: Ask): Reply {
  const [code] = params;
  if (code === "expired") return problem(410, 41023, "the invitation has expired");
  if (code === "used") return problem(410, 41024, "the invitation is used up");
  if (code === "unknown") return problem(404, 41022, "there is no such invitation");
  const room = code === "server" ? null : "Design";
  const expires_ms = Date.now() + 6 * 86_400_000;
  return ok({ room_name: room, inviter_name: "Tomás Herrera", admits_sign_up: true, expires_ms });
}

export const accounts = {
  "GET /server": (world: World) => ok(world.server),
  "POST /setup": (world: World, ask: Ask) =>
    ask.body["code"] === "wrong"
      ? problem(403, 41025, "the set-up code is wrong")
      : make(world, ask, "administrator"),
  "POST /sign-up": (world: World, ask: Ask) => make(world, ask, "member"),
  "POST /sign-in": (world: World, { body }: Ask) => {
    const login = text(body["login"]);
    const person = world.people.find((one) => one.handle === login || one.email === login);
    if (person === undefined || body["password"] === world.wrongPassword)
      return problem(401, 41002, "wrong login");
    return { ...ok({ person, room: null }), cookie: cookie(person.id) };
  },
  "POST /sign-out": () => ({ ...done, cookie: `${COOKIE}=; Path=/; Max-Age=0` }),
  "POST /recovery": () => ({ status: 202 }),
  "POST /recovery/complete": (_: World, { body }: Ask) =>
    body["code"] === "wrong" ? problem(403, 41026, "the recovery code is wrong") : done,
  "GET /invitations/:code": (_: World, ask: Ask) => invitation(ask),
  "POST /invitations/:code/accept": (world: World) => ok({ room: world.listings[2]?.room.id }),
};
