-- Who was read-only when they left a room last: coming back sets nobody free.
CREATE TABLE restriction (
    person INTEGER NOT NULL REFERENCES person (key),
    room   INTEGER NOT NULL REFERENCES room (key),
    PRIMARY KEY (person, room)
) WITHOUT ROWID;
