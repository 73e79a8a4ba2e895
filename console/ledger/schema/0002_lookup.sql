-- Version 2: tables to find things by. All of it follows from the entries and can be computed anew from
-- them (`console.ledger.lookup.rebuild`); none of it is evidence.

-- Which entries contain what. One row per entry, rowid = seq. The tokens are, for every word of the entry's
-- texts, its single letters and its pairs of neighbouring letters: a Korean word of two syllables is one pair,
-- which a trigram index could not find. Besides, one token each for kind, person, district and incident type
-- ("kind" + the value in hex), so that a filter and a text are one search.
-- content='': the text itself is in `entry`, no second copy. detail=none: we never ask for positions.
-- columnsize=0: we never rank. tokenize=ascii: every non-ASCII letter belongs to a token as it is.
CREATE VIRTUAL TABLE token USING fts5 (
    tokens,                                              -- the tokens of one entry, separated by spaces
    content='', detail=none, columnsize=0, tokenize='ascii'
);

-- Between which entries each ten minutes of wall time lie. Makes a search by time short even after the clock
-- was set back, when `at_ns` does not rise with `seq`.
CREATE TABLE span (
    ten_minutes  INTEGER PRIMARY KEY,                    -- at_ns divided by 600 s, rounded down
    first_seq    INTEGER NOT NULL,                       -- the lowest seq with a time in it
    last_seq     INTEGER NOT NULL                        -- the highest seq with a time in it; others may lie between
) STRICT;

-- Every incident as it stands now.
CREATE TABLE incident (
    incident_id    TEXT PRIMARY KEY,                     -- as in the entries
    type           TEXT NOT NULL,                        -- id of the profile's incident type
    priority       INTEGER NOT NULL,                     -- 1 most urgent .. 4
    place_en       TEXT NOT NULL,                        -- the place as it was said when it opened, English
    place_ko       TEXT NOT NULL,                        -- the same, Korean
    district       TEXT NOT NULL,                        -- id of the profile's district, '' when unknown
    opened_at_ns   INTEGER NOT NULL,                     -- ns UTC of incident.opened
    changed_at_ns  INTEGER NOT NULL,                     -- ns UTC of the last entry that changed it
    stage          TEXT NOT NULL,                        -- new, acknowledged, responding, resolved, closed
    owner          TEXT NOT NULL,                        -- the person who has it, '' when nobody
    agencies       TEXT NOT NULL,                        -- JSON array of the agencies it was handed to, in order, each once
    kinds          TEXT NOT NULL,                        -- the kinds of its entries, each once, between line feeds
    people         TEXT NOT NULL,                        -- the persons of its entries, each once, between line feeds
    text           TEXT NOT NULL                         -- its entries' searchable text, NFC and case-folded, each line once
) STRICT;

CREATE INDEX incident_by_time ON incident (opened_at_ns);

-- What an entry is about, so that what came before an incident is found when the incident opens.
CREATE TABLE mention (
    name  TEXT NOT NULL,                                 -- 'signal:UID', 'alarm:ID', 'handoff:ID' or 'device:ID'
    seq   INTEGER NOT NULL REFERENCES entry,             -- the entry about it
    PRIMARY KEY (name, seq)
) STRICT, WITHOUT ROWID;

-- What belongs to which incident, so that later entries about it join that incident's history.
CREATE TABLE belonging (
    name         TEXT NOT NULL,                          -- as in `mention`
    incident_id  TEXT NOT NULL,                          -- the incident that named it
    PRIMARY KEY (name, incident_id)
) STRICT, WITHOUT ROWID;

-- The history of every incident.
CREATE TABLE part (
    incident_id  TEXT NOT NULL,                          -- the incident
    seq          INTEGER NOT NULL REFERENCES entry,      -- one entry of its history
    PRIMARY KEY (incident_id, seq)
) STRICT, WITHOUT ROWID;

-- From the entries that say a rare word to the incidents they belong to.
CREATE INDEX part_by_seq ON part (seq);
