import type { AdminPerson, Person } from "../src/api/model.ts";

const NAMES = [
  "Mara Lindqvist",
  "Tomás Herrera",
  "Aiko Tanaka",
  "Jonas Weber",
  "Priya Raman",
  "نور الهدى",
  "Oluwaseun Adeyemi",
  "Zoë Müller",
  "李小龍",
  "Bartholomew Featherstonehaugh-Cholmondeley",
  "Sam 👩‍🚀",
  "Ines Carvalho",
  "Viktor Novák",
  "Leila Haddad",
  "Marcus O'Brien",
  "Freya Nilsen",
  "Dmitri Volkov",
  "Chiara Romano",
  "Kwame Mensah",
  "Hannah Fischer",
  "Yusuf Demir",
  "Amélie Laurent",
  "Ravi Shankar",
  "Elena Petrova",
];
const HANDLES = [
  "mara",
  "tomas",
  "aiko",
  "jonas",
  "priya",
  "nour",
  "seun",
  "zoe",
  "bruce",
  "bart",
  "sam",
  "ines",
  "viktor",
  "leila",
  "marcus",
  "freya",
  "dmitri",
  "chiara",
  "kwame",
  "hannah",
  "yusuf",
  "amelie",
  "ravi",
  "elena",
];
const ZONES = ["Europe/Berlin", "America/Mexico_City", "Asia/Tokyo", null];
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** An identifier of the server's form, the same for the same number. */
export function id(prefix: string, number: number): string {
  let rest = number * 2_654_435_761 + 12_345;
  let text = "";
  for (let index = 0; index < 16; index++) {
    text += LETTERS[Math.abs(rest) % 32];
    rest = (Math.floor(rest / 7) ^ (rest * 31 + index * 977)) | 0;
  }
  return `${prefix}_${text}`;
}

/** The people of the fixtures; the first is an administrator. */
export function makePeople(now_ms: number): AdminPerson[] {
  return NAMES.map((name, index) => ({
    id: id("p", index + 1),
    handle: HANDLES[index] ?? `person${index}`,
    name,
    email: index % 3 === 2 ? null : `${HANDLES[index]}@example.org`,
    time_zone: ZONES[index % ZONES.length] ?? null,
    role: index === 0 || index === 4 ? "administrator" : "member",
    deactivated: index === 12 || index === 16,
    created_ms: now_ms - (400 - index * 13) * 86_400_000,
    deactivated_ms: index === 12 || index === 16 ? now_ms - 9 * 86_400_000 : null,
    sessions: index === 12 || index === 16 ? 0 : index % 4,
    version: index + 1,
  }));
}

/** What everybody may know of a person. */
export function publicPerson(person: AdminPerson): Person {
  const { id, handle, name, time_zone, deactivated, role, version } = person;
  return { id, handle, name, time_zone, deactivated, role, version };
}
