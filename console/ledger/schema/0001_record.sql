-- Version 1: the record itself and the messages owed to partners.
-- STRICT tables, so that a value of the wrong type is refused and not quietly converted.
-- Times are nanoseconds since 1970-01-01 UTC in a signed 64-bit integer (good until 2262).

-- Which ledger this is. Exactly one row.
CREATE TABLE ledger (
    one            INTEGER PRIMARY KEY CHECK (one = 1),  -- always 1: makes a second row impossible
    id             TEXT NOT NULL,                        -- 32 hex digits, random: the chain starts from it, so no two ledgers share a chain
    created_at_ns  INTEGER NOT NULL                      -- ns UTC, when the file was made
) STRICT;

-- The record: one row for every committed entry of the decision lane, over all runs of the hub.
-- Only added to; `body` and `hash` are the evidence, the other columns repeat the body so that SQL can find rows.
CREATE TABLE entry (
    seq         INTEGER PRIMARY KEY,                     -- 1, 2, 3, ... without a gap, over all runs
    run         TEXT NOT NULL,                           -- which start of the hub wrote it
    at_ns       INTEGER NOT NULL,                        -- ns UTC by the hub's clock; may go back when that clock is set
    kind        TEXT NOT NULL,                           -- the event's tag, "noun.verb": the filter used most
    command_id  TEXT,                                    -- the request that asked for it, NULL when none: a repeated request is recognised after a restart
    body        TEXT NOT NULL,                           -- the whole entry as JSON (UTF-8, the model's order of fields, no spaces): exactly the bytes that were hashed
    hash        BLOB NOT NULL CHECK (length(hash) = 32)  -- SHA-256 of the hash before and the body
) STRICT;

-- The newest entries that a command asked for, without walking past all the others.
CREATE INDEX entry_by_command ON entry (seq) WHERE command_id IS NOT NULL;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN
    SELECT RAISE(ABORT, 'the record is only added to');
END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'the record is only added to');
END;

-- Messages owed to partners. A row is written in the same transaction as the act that owes it.
CREATE TABLE outbox (
    handoff_id     TEXT PRIMARY KEY,                     -- the hand-off this message belongs to
    key            TEXT NOT NULL UNIQUE,                 -- incident:agency:revision, names the case at the partner: the same key is the same case
    agency         TEXT NOT NULL,                        -- who gets it
    message        BLOB NOT NULL,                        -- the exact bytes; every attempt sends these
    queued_at_ns   INTEGER NOT NULL,                     -- ns UTC, when the person acted
    queued_seq     INTEGER NOT NULL REFERENCES entry,    -- the handoff.queued entry of the same transaction
    settled_at_ns  INTEGER                               -- ns UTC when nothing more has to be sent, NULL while it is owed
) STRICT;

-- What is still owed, without walking past what is done.
CREATE INDEX outbox_owed ON outbox (queued_seq) WHERE settled_at_ns IS NULL;

CREATE TRIGGER outbox_message_is_never_changed
BEFORE UPDATE OF handoff_id, key, agency, message, queued_at_ns, queued_seq ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a queued message is sent as it is');
END;

CREATE TRIGGER outbox_is_never_deleted BEFORE DELETE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a queued message is settled, not deleted');
END;
