//! Who is present, in a table of its own: retention does not take it.

use loquat_protocol::{AppId, ChannelId, ChannelName, Format};
use loquat_store::{Member, MemberChange, Row, members::changes};
use rusqlite::{Connection, params};

use crate::error::{Failure, Outcome};

/// Carries a row's presence events into the table.
pub(crate) fn apply(connection: &Connection, row: &Row) -> Outcome<()> {
    for change in changes(row) {
        match change {
            MemberChange::Put(member) => put(connection, &member)?,
            MemberChange::Gone { channel, connection: of, client } => {
                let mut delete = connection.prepare_cached(
                    "DELETE FROM member WHERE app = ?1 AND channel = ?2 AND connection = ?3 AND client = ?4",
                )?;
                delete.execute(params![channel.app.as_str(), channel.name.as_str(), of, client])?;
            }
        }
    }
    Ok(())
}

fn put(connection: &Connection, member: &Member) -> Outcome<()> {
    let (channel, event) = (&member.channel, &member.event);
    let mut upsert = connection.prepare_cached(
        "INSERT INTO member (app, channel, connection, client, event) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (app, channel, connection, client) DO UPDATE SET event = excluded.event",
    )?;
    upsert.execute(params![
        channel.app.as_str(),
        channel.name.as_str(),
        event.connection_id,
        event.client_id,
        Format::Msgpack.encode(event)
    ])?;
    Ok(())
}

/// Every member.
pub(crate) fn read(connection: &Connection) -> Outcome<Vec<Member>> {
    let mut select = connection.prepare_cached("SELECT app, channel, event FROM member")?;
    let mut rows = select.query([])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        let (app, name): (String, String) = (row.get(0)?, row.get(1)?);
        let event = Format::Msgpack
            .decode(row.get_ref(2)?.as_blob().unwrap_or_default())
            .map_err(|_| Failure::Damaged("a presence member cannot be read"))?;
        let channel = ChannelId::new(AppId::from_trusted(&app), ChannelName::from_trusted(&name));
        members.push(Member { channel, event });
    }
    Ok(members)
}

/// Removes the members of an app.
pub(crate) fn remove_app(connection: &Connection, app: &AppId) -> Outcome<()> {
    connection.execute("DELETE FROM member WHERE app = ?1", [app.as_str()])?;
    Ok(())
}
