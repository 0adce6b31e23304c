//! Looking for damage: what the tables promise each other, counted anew.

use rusqlite::Connection;

use super::rows;
use crate::error::Outcome;

/// Each finds what breaks a promise, and says so. A recount reads every message.
const PROMISES: [&str; 9] = [
    "SELECT 'room ' || id || ': ' || members || ' members, miscounted' FROM room r
     WHERE members <> (SELECT count(*) FROM membership WHERE room = r.key)",
    "WITH counted (room, messages, newest, serial) AS (
         SELECT id >> 38, count(*), max(id) & ((1 << 38) - 1), max(serial) FROM message GROUP BY id >> 38)
     SELECT 'room ' || r.id || ': ' || r.messages || ' messages, miscounted' FROM room r
     LEFT JOIN counted c ON c.room = r.key
     WHERE r.messages <> coalesce(c.messages, 0) OR r.messages <> coalesce(c.newest, 0)
        OR r.last_serial IS NOT c.serial",
    "SELECT 'messages of a room that is gone: ' || (id >> 38) FROM message
     WHERE id >> 38 NOT IN (SELECT key FROM room) GROUP BY id >> 38",
    "WITH counted (room, alls, nth) AS (SELECT id >> 38, count(*), max(nth) FROM mention WHERE who = 0 GROUP BY id >> 38)
     SELECT 'room ' || r.id || ': mentions of all, miscounted' FROM room r LEFT JOIN counted c ON c.room = r.key
     WHERE r.alls <> coalesce(c.alls, 0) OR r.alls <> coalesce(c.nth, 0)",
    "WITH counted (person, room, own, nth) AS (
         SELECT author, id >> 38, count(*), max(own) FROM message WHERE author IS NOT NULL GROUP BY author, id >> 38)
     SELECT 'room ' || r.id || ': the messages of a member, miscounted' FROM counted c
     JOIN room r ON r.key = c.room LEFT JOIN tally t ON t.person = c.person AND t.room = c.room
     WHERE c.own IS NOT t.own OR c.nth IS NOT t.own",
    "WITH counted (who, room, found, nth) AS (
         SELECT who, id >> 38, count(*), max(nth) FROM mention WHERE who <> 0 GROUP BY who, id >> 38)
     SELECT 'room ' || r.id || ': mentions, miscounted' FROM counted c
     JOIN room r ON r.key = c.room LEFT JOIN tally t ON t.person = abs(c.who) AND t.room = c.room
     WHERE c.found <> c.nth OR c.found IS NOT iif(c.who > 0, t.mentions, t.own_alls)",
    "SELECT 'room ' || r.id || ': a read marker beyond the end' FROM membership m JOIN room r ON r.key = m.room
     LEFT JOIN tally t ON t.person = m.person AND t.room = m.room
     WHERE m.read_messages > r.messages OR m.read_own > coalesce(t.own, 0)
        OR m.read_mentions > r.alls + coalesce(t.mentions, 0) - coalesce(t.own_alls, 0)",
    "SELECT 'room ' || r.id || ': a read marker at no message' FROM membership m JOIN room r ON r.key = m.room
     LEFT JOIN message x ON x.id = (m.room << 38) + m.read_messages
     WHERE m.read_messages > 0 AND m.read_serial IS NOT x.serial",
    "SELECT 'the counter ' || version || ' is behind' FROM counter
     WHERE version < (SELECT coalesce(max(version), 0) FROM person) OR version < rights_version
        OR version < (SELECT coalesce(max(version), 0) FROM room)
        OR version < (SELECT coalesce(max(version), 0) FROM membership)",
];

/// What is wrong, a line each.
pub(crate) fn problems(connection: &Connection) -> Outcome<Vec<String>> {
    let mut problems = Vec::new();
    for sql in PROMISES {
        let mut select = connection.prepare(sql)?;
        problems.extend(rows::all(select.query([])?, |row| Ok(row.get(0)?))?);
    }
    Ok(problems)
}
