-- Who is present: the last event of each member that has entered and not left. The event is msgpack.
CREATE TABLE member (
    app        TEXT NOT NULL,
    channel    TEXT NOT NULL,
    connection TEXT NOT NULL,
    client     TEXT NOT NULL,
    event      BLOB NOT NULL,
    PRIMARY KEY (app, channel, connection, client)
) WITHOUT ROWID;
