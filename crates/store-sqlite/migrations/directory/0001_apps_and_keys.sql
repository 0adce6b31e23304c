CREATE TABLE app (
    id         TEXT PRIMARY KEY,
    created_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE key (
    name       TEXT PRIMARY KEY,
    app        TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
    secret     TEXT NOT NULL,
    capability TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) WITHOUT ROWID;

CREATE INDEX key_by_app ON key (app);
