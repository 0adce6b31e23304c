-- How far each partition of the log is projected, and how many rows it has.
CREATE TABLE cursor (
    partition   INTEGER PRIMARY KEY,
    seq         INTEGER NOT NULL,
    durable_seq INTEGER NOT NULL,
    pruned_seq  INTEGER NOT NULL,
    rows        INTEGER NOT NULL
);

-- One kind of entries of one channel. The partition belongs to the identity because sequence numbers do.
CREATE TABLE timeline (
    id        INTEGER PRIMARY KEY,
    app       TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    UNIQUE (app, name, kind, partition)
);

-- The entries, in log order: id = partition * 2^47 + sequence number. So inserts append, a bound in time is found by
-- halving, and retention deletes from the front of a range.
CREATE TABLE entry (
    id       INTEGER PRIMARY KEY,
    timeline INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    time_ms  INTEGER NOT NULL,
    items    INTEGER NOT NULL,
    body     BLOB NOT NULL
);

-- The newest sequence numbers of each timeline, fewer than a run's worth, as packed numbers. Small, so that the
-- tails of many channels share a page and a batch over many channels writes few pages.
CREATE TABLE tail (
    timeline INTEGER PRIMARY KEY,
    seqs     BLOB NOT NULL
);

-- The older sequence numbers of each timeline, a fixed number per run.
CREATE TABLE run (
    timeline  INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    seqs      BLOB NOT NULL,
    PRIMARY KEY (timeline, first_seq)
) WITHOUT ROWID;

-- Written by each sync, so that there is always something to commit.
CREATE TABLE sync (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL
);
INSERT INTO sync VALUES (1, 0);
