// A server that looks lived in: people, rooms, and what they say there.

const PEOPLE = ['Mara Lindqvist', 'Tomás Herrera', 'Aiko Tanaka', 'Yusuf Demir', 'Zoë Müller'];
const handle = (name) => name.normalize('NFKD').replace(/\p{M}/gu, '').split(' ')[0].toLowerCase();

const TALK = [
  ['tomas', 'Morning! The new oven came yesterday evening.'],
  ['tomas', 'It fits through the door. **Just.**'],
  ['aiko', 'I saw the van. Who carried it up?'],
  ['yusuf', 'Zoë and me, and we want cake for it 🍰'],
  ['mara', 'You get two. What is left to do before Friday:\n\n1. connect the gas\n2. ~~buy trays~~ done\n3. test run with @zoe'],
  ['zoe', 'Thursday works for me. I found this in the manual:\n\n```sh\noven preheat --celsius 220 --minutes 25\n```'],
  ['aiko', '> Thursday works for me\n\nMe too. I bring flour.'],
  ['tomas', 'مرحبا! الفرن جاهز'],
  ['yusuf', '@mara can you write to the landlord? The address is on https://example.org/house'],
  ['mara', 'Done. He says *yes*, and that he likes cake.'],
];
const ROOMS = ['Announcements', 'Bakery', 'Garden', 'Kitchen', 'Lost and found', 'Music', 'Neighbours', 'Workshop'];

/** Makes the people and rooms; answers with the people by handle, and the rooms' ids by name. */
export async function settle(stage) {
  const people = {};
  for (const person of await stage.people(...PEOPLE.map(handle))) people[person.handle] = person;
  for (const name of PEOPLE) await people[handle(name)].ask('PATCH', '/me', { name, time_zone: 'Europe/Berlin' });
  const { mara, ...others } = people;
  const rooms = {};
  for (const name of ROOMS) {
    const kind = ['Announcements', 'Lost and found'].includes(name) ? 'public' : 'private';
    rooms[name] = await stage.room(name, Object.values(others), { kind });
  }
  await mara.ask('PATCH', `/rooms/${rooms.Kitchen}`, { topic: 'Everything that bakes, boils or burns' });
  for (const [who, text] of TALK) await people[who].ask('POST', `/rooms/${rooms.Kitchen}/messages`, { text });
  await people.aiko.ask('POST', `/rooms/${rooms.Garden}/messages`, { text: 'The tomatoes are out. @mara bring a basket' });
  await people.yusuf.ask('POST', `/rooms/${rooms.Music}/messages`, { text: 'Rehearsal at eight' });
  const { room } = await people.zoe.ask('POST', '/rooms', { kind: 'direct', members: [mara.id] });
  await people.zoe.ask('POST', `/rooms/${room.id}/messages`, { text: 'Are you coming on Thursday?' });
  return { people, rooms };
}
