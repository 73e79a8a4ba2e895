-- The agency's own record. user_version 2; schema_1_to_2.sql brings an older one here.

-- Every message that came or went, verbatim, also those that were refused.
CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    direction   TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    at_ns       INTEGER NOT NULL,
    number      TEXT    NOT NULL DEFAULT '', -- the case it belongs to; '' where it belongs to none
    what        TEXT    NOT NULL DEFAULT '', -- request, update, cancel, error; or what we said
    words       TEXT    NOT NULL DEFAULT '', -- what a person reads of it
    sender      TEXT    NOT NULL,            -- '' where it could not be read
    identifier  TEXT    NOT NULL,
    sent        TEXT    NOT NULL,
    sha256      TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    status      INTEGER NOT NULL DEFAULT 0,  -- HTTP status we answered with ('in') or heard last ('out'; 0: none yet)
    answer      BLOB    NOT NULL DEFAULT x''
);
CREATE INDEX message_name ON message (direction, sender, identifier);
CREATE INDEX message_number ON message (number, id);

-- One case per key: "once" is the key. Only the test switch that forgets keys writes something else there.
CREATE TABLE "case" (
    number      TEXT    PRIMARY KEY,         -- our own case number
    key         TEXT    NOT NULL,            -- what the console calls it
    once        TEXT    NOT NULL UNIQUE,
    message_id  INTEGER NOT NULL REFERENCES message (id),
    came_ns     INTEGER NOT NULL,
    stage       TEXT    NOT NULL,
    changed_ns  INTEGER NOT NULL,
    reason      TEXT    NOT NULL DEFAULT '',
    unit        TEXT    NOT NULL DEFAULT '',
    cancel      TEXT    NOT NULL DEFAULT '', -- '', asked, accepted, refused
    cancel_id   TEXT    NOT NULL DEFAULT '',
    passed_to   TEXT    NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX case_key ON "case" (key);
CREATE INDEX case_came ON "case" (came_ns);

-- What we owe the console, written in the same transaction as the act. Rows leave when the console confirmed them.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    number      TEXT    NOT NULL DEFAULT '',
    message_id  INTEGER NOT NULL REFERENCES message (id),
    copies      INTEGER NOT NULL DEFAULT 1,  -- a line that delivers twice is a failure we can show
    due_ns      INTEGER NOT NULL DEFAULT 0   -- not before: answers that come late
);

-- What a checker reads: written with what it tells of, copied to ledger.jsonl afterwards, in this order.
CREATE TABLE line (
    id          INTEGER PRIMARY KEY,
    text        BLOB    NOT NULL
);

-- Where each unit that has left its station drives or stands; one that is not here is at its station.
CREATE TABLE duty (
    unit        TEXT    PRIMARY KEY,
    number      TEXT    NOT NULL,            -- its case; '' on the way back
    from_lat    REAL    NOT NULL,
    from_lon    REAL    NOT NULL,
    to_lat      REAL    NOT NULL,
    to_lon      REAL    NOT NULL,
    left_ns     INTEGER NOT NULL,
    arrives_ns  INTEGER NOT NULL
) WITHOUT ROWID;

-- What we asked of the city's cameras, and what came of it. Links are secrets: they are asked for again, never kept.
CREATE TABLE asked (
    id          TEXT    PRIMARY KEY,         -- the message's own
    number      TEXT    NOT NULL DEFAULT '', -- the case it is for
    at_ns       INTEGER NOT NULL,
    service     TEXT    NOT NULL,
    body        BLOB    NOT NULL,            -- the message, the same bytes each time it is sent
    state       TEXT    NOT NULL,            -- sent, and then as the console answers
    words       TEXT    NOT NULL DEFAULT '',
    until_ns    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Who of us looked at what: written before the first picture is shown.
CREATE TABLE viewing (
    id          INTEGER PRIMARY KEY,
    began_ns    INTEGER NOT NULL,
    ended_ns    INTEGER NOT NULL DEFAULT 0,
    viewer      TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    host        TEXT    NOT NULL,            -- of the link; the token in it is a secret and not kept here
    camera      TEXT    NOT NULL,
    form        TEXT    NOT NULL,
    pictures    INTEGER NOT NULL DEFAULT 0,
    why         TEXT    NOT NULL DEFAULT ''
);
