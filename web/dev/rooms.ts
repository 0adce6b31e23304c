import type { AdminPerson, RoomListing } from "../src/api/model.ts";
import { id } from "./people.ts";

const ROOMS: [name: string, kind: "public" | "private", topic: string][] = [
  ["General", "public", "Everything and everybody"],
  ["Announcements", "public", "What everyone should know. Replies go to General."],
  ["Design", "public", "Screens, words, colours"],
  ["Backend", "private", ""],
  ["Release 2.4", "private", "Ship on Thursday. Blockers first."],
  ["Lunch", "public", "Today: the place with the soup"],
  ["مشروع الترجمة", "public", "ترجمة الواجهة إلى العربية"],
  ["Customer support", "private", "Rota in the topic of the week"],
  ["Reading club", "public", "Now: The Left Hand of Darkness"],
  ["Incident 2026-11-19", "private", "Over. Notes are being written."],
];

/** The rooms of one person, direct ones among them. */
export function makeListings(me: string, people: AdminPerson[], now_ms: number): RoomListing[] {
  const rooms = ROOMS.map(([name, kind, topic], index) =>
    listing(index + 1, { name, kind, topic, others: [] }),
  );
  const direct = [1, 2, 5, 8, 10].map((person, index) =>
    listing(100 + index, { name: "", kind: "direct", topic: "", others: [people[person]?.id ?? ""] }),
  );
  const group = listing(200, {
    name: "",
    kind: "direct",
    topic: "",
    others: [3, 4, 6].map((person) => people[person]?.id ?? ""),
  });
  return [...rooms, ...direct, group];

  function listing(
    number: number,
    facts: { name: string; kind: "public" | "private" | "direct"; topic: string; others: string[] },
  ): RoomListing {
    const room = id("r", number);
    const messages = (number * 137) % 900;
    return {
      room: {
        id: room,
        kind: facts.kind,
        name: facts.name,
        topic: facts.topic,
        created_by: people[0]?.id ?? "",
        created_ms: now_ms - number * 86_400_000,
        archived_ms: number === 10 ? now_ms - 3_600_000 : null,
        members: facts.kind === "direct" ? facts.others.length + 1 : (number * 7) % 24,
        messages,
        last_serial: null,
        last_ms: now_ms - number * number * 400_000,
        version: number,
      },
      membership: {
        room,
        person: me,
        role: number === 2 ? "read_only" : number % 4 === 1 ? "owner" : "member",
        joined_ms: now_ms - number * 80_000_000,
        read_serial: null,
        version: number,
      },
      unread: { unread: [0, 3, 0, 12, 1, 0, 0, 148][number % 8] ?? 0, mentions: number % 8 === 3 ? 2 : 0 },
      others: facts.others,
    };
  }
}
