-- The agency's own record. user_version 1.

-- Every message that came or went, verbatim, also those that were refused.
CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    direction   TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    at_ns       INTEGER NOT NULL,
    key         TEXT    NOT NULL,           -- the case it belongs to; '' where it belongs to none
    sender      TEXT    NOT NULL,           -- '' where it could not be read
    identifier  TEXT    NOT NULL,
    sent        TEXT    NOT NULL,
    sha256      TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    status      INTEGER NOT NULL DEFAULT 0, -- HTTP status we answered with ('in') or heard last ('out'; 0: none yet)
    answer      BLOB    NOT NULL DEFAULT x''
);
CREATE INDEX message_name ON message (direction, sender, identifier);
CREATE INDEX message_key ON message (key, id);

-- One case per key. The key is the identifier of the message that opened it.
CREATE TABLE "case" (
    key         TEXT    PRIMARY KEY,
    number      TEXT    NOT NULL UNIQUE,    -- our own case number
    message_id  INTEGER NOT NULL REFERENCES message (id),
    came_ns     INTEGER NOT NULL,
    stage       TEXT    NOT NULL CHECK (stage IN ('received', 'accepted', 'rejected', 'dispatched', 'on_scene', 'closed')),
    changed_ns  INTEGER NOT NULL,
    reason      TEXT    NOT NULL DEFAULT '',
    unit        TEXT    NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX case_open ON "case" (came_ns) WHERE stage NOT IN ('closed', 'rejected');

-- What we owe the console, written in the same transaction as the act. Rows leave when the console confirmed them.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    key         TEXT    NOT NULL REFERENCES "case" (key),
    message_id  INTEGER NOT NULL REFERENCES message (id),
    copies      INTEGER NOT NULL DEFAULT 1  -- a line that delivers twice is a failure we can show
);
