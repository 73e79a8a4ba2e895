-- Version 3: a hand-off has several messages. What is owed is named by the message and no longer by the
-- hand-off: the first one, requests to cancel and updates are rows alike, and some are not CAP.

DROP INDEX outbox_owed;
DROP TRIGGER outbox_message_is_never_changed;
DROP TRIGGER outbox_is_never_deleted;
ALTER TABLE outbox RENAME TO outbox_of_version_2;

-- Messages owed to partners. Bytes are never changed, rows never removed.
CREATE TABLE outbox (
    message_id     TEXT PRIMARY KEY,                     -- what the message calls itself; the partner knows it by that
    handoff_id     TEXT NOT NULL,                        -- the hand-off this message belongs to
    key            TEXT NOT NULL,                        -- incident:agency:revision, names the case at the partner: the same key is the same case
    agency         TEXT NOT NULL,                        -- who gets it
    media_type     TEXT NOT NULL,                        -- how it is written
    message        BLOB NOT NULL,                        -- the exact bytes; every attempt sends these
    queued_at_ns   INTEGER NOT NULL,                     -- ns UTC, when the person acted
    queued_seq     INTEGER NOT NULL REFERENCES entry,    -- the entry of the same transaction that names its SHA-256
    settled_at_ns  INTEGER                               -- ns UTC when nothing more has to be sent, NULL while it is owed
) STRICT;

INSERT INTO outbox
SELECT key, handoff_id, key, agency, 'application/cap+xml', message, queued_at_ns, queued_seq, settled_at_ns
FROM outbox_of_version_2;

DROP TABLE outbox_of_version_2;

-- What is still owed, without walking past what is done.
CREATE INDEX outbox_owed ON outbox (queued_seq) WHERE settled_at_ns IS NULL;

CREATE TRIGGER outbox_message_is_never_changed
BEFORE UPDATE OF message_id, handoff_id, key, agency, media_type, message, queued_at_ns, queued_seq ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a queued message is sent as it is');
END;

CREATE TRIGGER outbox_is_never_deleted BEFORE DELETE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'a queued message is settled, not deleted');
END;
