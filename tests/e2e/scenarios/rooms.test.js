// Five people: one order for all, exact counts on everybody's other rooms, and what one does with rooms.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { until } from '../lib/wait.js';
import { Stage } from '../lib/stage.js';

const NAMES = ['Ada', 'Bela', 'Cleo', 'Dora', 'Emil'];
const ROUNDS = 3;

describe('rooms', () => {
  const stage = Stage.shared();
  let people;
  before(async () => {
    people = await stage.people(...NAMES);
  });

  test('five people talk at once: the same order for all, and exact counts in the list of who looks elsewhere', async (t) => {
    const [ada, ...others] = people;
    const room = await stage.room('Square', others);
    const quiet = await stage.room('Quiet', others);
    const windows = [];
    for (const person of people) {
      // So low that what Ada has missed never fits into it, however the messages are grouped.
      const options = person === ada ? { viewport: { width: 1280, height: 500 } } : {};
      const window = await stage.window(t, person, options);
      windows.push(await window.enter(person === ada ? quiet : room));
    }
    const [away, ...inside] = windows;
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(inside.map((window, at) => window.say(at === 0 ? `@ada ${round}` : `${NAMES[at + 1]} ${round}`)));
    }
    const count = ROUNDS * inside.length;
    await until('all is stored', async () => (await stage.stored(room)).length === count);
    const order = await stage.stored(room);
    assert.equal(new Set(order).size, count);
    await Promise.all(inside.map((window) => window.shows(order)));
    await until('the list counts the mentions', async () => (await away.marks(/Square/)).includes(`${ROUNDS} mentions`));
    await until('the counts are exact', async () => {
      const { unread } = await ada.ask('GET', `/me/rooms/${room}`);
      return unread.unread === count && unread.mentions === ROUNDS;
    });
    await until('the title counts too', async () => (await away.page.title()).startsWith(`(${ROUNDS})`));

    await away.room(/Square/).click();
    await away.button('Newest messages').click();
    await away.shows(order);
    await until('what is seen is read', async () => (await ada.ask('GET', `/me/rooms/${room}`)).unread.unread === 0);
    await until('the mark is gone', async () => !(await away.marks(/Square/)).includes('mention'));
    for (const person of others) {
      await until('who was there has read it', async () => {
        const { unread } = await person.ask('GET', `/me/rooms/${room}`);
        return unread.unread === 0 && unread.mentions === 0;
      });
    }
  });

  test('a direct message by the quick switcher, without a pointer; its number counts until it is read', async (t) => {
    const [ada, bela] = people;
    const room = await stage.room('Office', [bela]);
    const [from, to] = [await stage.window(t, ada), await stage.window(t, bela)];
    await Promise.all([from.enter(room), to.enter(room)]);
    await switcher(from, 'bel');
    await from.page.getByRole('option', { name: /Bela/ }).waitFor();
    await from.page.keyboard.press('Enter');
    await from.field('Message Bela').waitFor();
    await from.field('Message Bela').focus();
    await from.page.keyboard.type('psst');
    await from.page.keyboard.press('Enter');
    await until('the list counts it', async () => (await to.room(/Ada/).count()) > 0 && /1/.test(await to.marks(/Ada/)));
    await switcher(to, 'ada');
    await to.page.getByRole('option', { name: /Ada/ }).first().waitFor();
    await to.page.keyboard.press('Enter');
    await to.shows(['psst']);
    await to.say('yes?');
    await from.shows(['psst', 'yes?']);
  });

  test('made, found, joined, renamed, archived, brought back and left', async (t) => {
    const [ada, , cleo] = people;
    const owner = await stage.window(t, ada);
    const guest = await stage.window(t, cleo, { device: 'phone' });
    await owner.go();
    await owner.choose('New', 'New room');
    await owner.field('Name').fill('Orchard');
    await owner.page.getByRole('textbox', { name: /^Topic/ }).fill('Trees');
    await owner.button('Create room').click();
    await owner.composer.waitFor();
    await owner.say('the first');

    await guest.go();
    await guest.choose('New', 'Browse rooms');
    await guest.page.getByRole('searchbox', { name: 'Find a room by its name' }).fill('orch');
    const found = guest.page.getByRole('listitem').filter({ hasText: 'Orchard' });
    await found.getByRole('button', { name: 'Join' }).tap();
    await guest.composer.waitFor();
    await guest.shows(['the first']);

    await owner.button('Room details').click();
    const details = owner.page.getByRole('dialog');
    await details.getByRole('textbox', { name: 'Name' }).fill('Old orchard');
    await details.getByRole('button', { name: 'Save' }).click();
    await guest.page.getByRole('heading', { name: 'Old orchard', exact: true }).first().waitFor();
    await details.getByRole('button', { name: 'Archive' }).click();
    await owner.page.getByRole('button', { name: 'Archive' }).last().click();
    for (const window of [owner, guest]) {
      await window.page.getByText('This room is archived. It can be read, and that is all.').waitFor();
      assert.equal(await window.composer.count(), 0);
    }
    await owner.button('Bring back').click();
    await owner.page.keyboard.press('Escape');
    await guest.composer.waitFor();
    await guest.say('again');
    await owner.sees('again');

    await guest.button('Room details').tap();
    await guest.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).tap();
    await guest.page.getByRole('button', { name: 'Leave' }).last().tap();
    await until('the room is gone from the list', async () => (await guest.room(/Old orchard/).count()) === 0);
  });

  test('the last owner is kept from leaving, and told what to do first', async (t) => {
    const [ada, bela] = people;
    const room = await stage.room('Helm', [bela]);
    const window = await stage.window(t, ada);
    await window.enter(room);
    const leave = async () => {
      await window.button('Room details').click();
      await window.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
      await window.page.getByRole('button', { name: 'Leave' }).last().click();
    };
    await leave();
    await window.page.getByText('A room needs an owner. Make somebody else one first.').waitFor();
    await ada.ask('PUT', `/rooms/${room}/members/${bela.id}`, { role: 'owner' });
    await window.page.reload();
    await window.composer.waitFor();
    await leave();
    await until('she is out', async () => (await ada.request('GET', `/me/rooms/${room}`)).status === 404);
    await until('the room is gone from the list', async () => (await window.room(/Helm/).count()) === 0);
    assert.equal((await bela.ask('GET', `/me/rooms/${room}`)).membership.role, 'owner');
  });

  test('who may only read sees no composer, from the moment they may only read', async (t) => {
    const [ada, , , dora] = people;
    const room = await stage.room('Notices', [dora]);
    const window = await stage.window(t, dora);
    await window.enter(room);
    const owner = await stage.window(t, ada);
    await owner.enter(room);
    await owner.button('Room details').click();
    await owner.page.getByRole('tab', { name: /members/ }).click();
    await owner.button("Change Dora's membership").click();
    await owner.page.getByRole('menuitemradio', { name: 'Read only' }).click();
    await window.page.getByText('You can read this room, but not write in it.').waitFor();
    assert.equal(await window.composer.count(), 0);
    await owner.page.keyboard.press('Escape');
    await owner.page.keyboard.press('Escape');
    await owner.say('hear ye');
    await window.shows(['hear ye']);
  });
});

async function switcher(window, text) {
  await window.page.keyboard.press('Control+k');
  await window.page.getByRole('combobox', { name: 'Go to a room or a person' }).waitFor();
  await window.page.keyboard.type(text);
}
