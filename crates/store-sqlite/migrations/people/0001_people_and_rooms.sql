-- The counter that gives every changed row its version, and its value when somebody's rights may have changed last.
-- `syncs` is written by each sync, so that there is always something to commit.
CREATE TABLE counter (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    version        INTEGER NOT NULL,
    rights_version INTEGER NOT NULL,
    syncs          INTEGER NOT NULL
);
INSERT INTO counter VALUES (1, 0, 0, 0);

-- Accounts. Other tables refer to the key, which is smaller than the id; it also tells who came first.
CREATE TABLE person (
    key              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    handle           TEXT NOT NULL UNIQUE,
    name             TEXT NOT NULL,
    email            TEXT UNIQUE,
    role             TEXT NOT NULL,
    time_zone        TEXT,
    created_ms       INTEGER NOT NULL,
    deactivated_ms   INTEGER,
    version          INTEGER NOT NULL,
    password_hash    TEXT NOT NULL,
    reset_hash       BLOB,
    reset_expires_ms INTEGER,
    recovery_ms      INTEGER
);
CREATE INDEX administrator ON person (key) WHERE role = 'administrator' AND deactivated_ms IS NULL;
CREATE INDEX person_by_reset ON person (reset_hash) WHERE reset_hash IS NOT NULL;
CREATE INDEX person_by_recovery ON person (recovery_ms DESC, id) WHERE recovery_ms IS NOT NULL;

CREATE TABLE session (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    person      INTEGER NOT NULL REFERENCES person (key),
    secret_hash BLOB NOT NULL UNIQUE,
    label       TEXT NOT NULL,
    address     TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL
);
CREATE INDEX session_by_person ON session (person);
CREATE INDEX session_by_end ON session (expires_ms, id);

CREATE TABLE token (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    person      INTEGER NOT NULL REFERENCES person (key),
    secret_hash BLOB NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    expires_ms  INTEGER,
    used_ms     INTEGER
);
CREATE INDEX token_by_person ON token (person);

-- `people` of a direct room: its members' ids in their order, so that it is found by them. `alls`: how many messages
-- mention everybody.
CREATE TABLE room (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    folded      TEXT NOT NULL,
    topic       TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    archived_ms INTEGER,
    people      TEXT UNIQUE,
    members     INTEGER NOT NULL,
    messages    INTEGER NOT NULL,
    alls        INTEGER NOT NULL,
    last_serial TEXT,
    last_ms     INTEGER,
    version     INTEGER NOT NULL
);
CREATE INDEX public_room ON room (folded, id) WHERE kind = 'public' AND archived_ms IS NULL;

-- A person's rooms lie together. The counts are those of the room up to the read marker: all messages, the person's own,
-- and those that mention the person.
CREATE TABLE membership (
    person        INTEGER NOT NULL REFERENCES person (key),
    room          INTEGER NOT NULL REFERENCES room (key),
    role          TEXT NOT NULL,
    joined_ms     INTEGER NOT NULL,
    read_serial   TEXT,
    read_messages INTEGER NOT NULL,
    read_own      INTEGER NOT NULL,
    read_mentions INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (person, room)
) WITHOUT ROWID;
CREATE INDEX member ON membership (room, person);
CREATE INDEX owner ON membership (room) WHERE role = 'owner';

CREATE TABLE invitation (
    key        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    code_hash  BLOB NOT NULL UNIQUE,
    room       INTEGER REFERENCES room (key),
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    uses_max   INTEGER,
    uses       INTEGER NOT NULL,
    revoked_ms INTEGER
);
CREATE INDEX invitation_by_room ON invitation (room);

-- How far each partition of the log is counted.
CREATE TABLE cursor (
    partition INTEGER PRIMARY KEY,
    seq       INTEGER NOT NULL
);

-- What was counted: id = room * 2^38 + the message's ordinal in the room. Serials rise with it, so a serial is found by
-- halving. `own` counts the author's messages in the room up to here.
CREATE TABLE message (
    id     INTEGER PRIMARY KEY,
    serial TEXT NOT NULL,
    author INTEGER,
    own    INTEGER
);
CREATE INDEX message_by_author ON message (author) WHERE author IS NOT NULL;

-- The nth message of a room that mentions somebody: a person's key; 0 for everybody; the key's negative for everybody,
-- by that person, who is not meant.
CREATE TABLE mention (
    who INTEGER NOT NULL,
    id  INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    PRIMARY KEY (who, id)
) WITHOUT ROWID;

-- The newest of these counts: a person's messages in a room, those that mention them by name, and those of theirs that
-- mention everybody.
CREATE TABLE tally (
    person   INTEGER NOT NULL,
    room     INTEGER NOT NULL,
    own      INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    own_alls INTEGER NOT NULL,
    PRIMARY KEY (person, room)
) WITHOUT ROWID;
