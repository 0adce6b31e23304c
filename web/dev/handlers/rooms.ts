import { publicPerson } from "../people.ts";
import { type Ask, created, ok, problem } from "../reply.ts";
import type { World } from "../world.ts";

export const rooms = {
  "GET /me/rooms": (world: World) => ok({ items: world.listings, version: 1 }),
  "GET /me/rooms/:room": (world: World, { params }: Ask) => {
    const found = world.listings.find((one) => one.room.id === params[0]);
    return found === undefined
      ? problem(404, 40400, "there is no such room, or you cannot see it")
      : ok(found);
  },
  "PUT /me/rooms/:room/read": (world: World, { params }: Ask) => {
    const found = world.listings.find((one) => one.room.id === params[0]);
    if (found === undefined) return problem(404, 40400, "there is no such room, or you cannot see it");
    found.unread = { unread: 0, mentions: 0 };
    return ok({ room: params[0], read_serial: null, unread: 0, mentions: 0, version: 2 });
  },
  "GET /people": (world: World, { query }: Ask) => {
    const prefix = (query.get("prefix") ?? "").toLowerCase();
    const items = world.people
      .filter((one) => one.handle.startsWith(prefix) || one.name.toLowerCase().startsWith(prefix))
      .map(publicPerson);
    return ok({ items, next: null });
  },
  "POST /people/lookup": (world: World, { body }: Ask) => {
    const ids = Array.isArray(body["ids"]) ? body["ids"] : [];
    return ok({ items: world.people.filter((one) => ids.includes(one.id)).map(publicPerson) });
  },
  "GET /rooms": (world: World) => {
    const open = world.listings.filter(({ room }) => room.kind === "public");
    return ok({ items: open.map(({ room }, index) => ({ room, joined: index % 2 === 0 })), next: null });
  },
  "GET /rooms/:room": (world: World, { params }: Ask) => {
    const found = world.listings.find((one) => one.room.id === params[0]);
    return found === undefined
      ? problem(404, 40400, "there is no such room, or you cannot see it")
      : ok(found.room);
  },
  "GET /rooms/:room/members": (world: World) => {
    const items = world.people.slice(0, 9).map((person, index) => ({
      person: publicPerson(person),
      role: index === 0 ? "owner" : index === 1 ? "moderator" : "member",
      joined_ms: person.created_ms,
      version: index,
    }));
    return ok({ items, next: null });
  },
  "POST /rooms/:room/messages": (_: World, { params, body }: Ask) =>
    created({ serial: `${Date.now()}`, room: params[0], text: body["text"], created_ms: Date.now() }),
};
