"""Looking things up in the record: pages of the log and of incidents, one incident's whole history."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlite_utils import Database

from console.ledger import record
from console.ledger.chain import Head
from console.ledger.connection import open_for_reading
from console.ledger.lookup import SPAN_NS
from console.ledger.migrations import LATEST, version_of
from console.ledger.problems import LedgerMisuse, LedgerUnavailable, surroundings
from console.ledger.text import facet_token, facets, normal, occurs, searchable, wanted_words, word_tokens
from console.model.base import Words
from console.model.events import Entry
from console.model.handoff import OutboxRow
from console.model.query import AskIncidents, AskLog, IncidentPage, IncidentRow, LogFilter, LogPage

PAGE_LIMIT = 1000
"""Rows on one page at most, whatever is asked: a page has to fit a bus message."""

FEW = 2000
"""Entries with a word, up to which their incidents are looked up one by one."""

_INCIDENTS = (
    "SELECT incident_id, type, priority, place_en, place_ko, district, opened_at_ns, changed_at_ns,"
    " stage, owner, agencies FROM incident"
)
_LAST_SEQ = 2**63 - 1


class LedgerReader:
    """A connection that can only read, for the one thread that opened it. Never waits for the writer.

    `names` says what ids are called ("fall" -> "Fall" / "넘어짐"): a word of a search that occurs in such a
    name also finds the entries and incidents with that kind, district or incident type.
    """

    def __init__(self, connection: sqlite3.Connection, names: Mapping[str, Words]) -> None:
        self._connection = connection
        self._database = Database(connection, recursive_triggers=False)
        self._thread = threading.get_ident()
        self._names = [(one, normal(f"{words.en}\n{words.ko}")) for one, words in names.items()]

    @classmethod
    def open(cls, path: Path, names: Mapping[str, Words] | None = None) -> LedgerReader:
        """Open an existing ledger. Raises LedgerUnavailable, and "older" until a writer migrated it."""
        connection = open_for_reading(path)
        version = version_of(connection)
        if version != LATEST:
            connection.close()
            code = "newer" if version > LATEST else "older"
            raise LedgerUnavailable(code, f"schema {version}, this program reads {LATEST}")
        return cls(connection, names or {})

    def log(self, ask: AskLog) -> LogPage:
        """The newest entries that pass the filter, older than `before_seq`."""
        limit = _limit(ask.limit)
        with self._reading():
            found: list[Entry] = []
            for entry in self._candidates(ask.filter, ask.before_seq):
                if len(found) == limit:
                    return LogPage(entries=tuple(found), more=True)
                found.append(entry)
            return LogPage(entries=tuple(found))

    def incidents(self, ask: AskIncidents) -> IncidentPage:
        """The incidents opened last that pass the filter, opened before `before_ns`, as they stand now.

        A page never ends between two incidents of the same instant, so it can be longer than asked.
        """
        limit = _limit(ask.limit)
        with self._reading():
            clauses, values = self._incident_clauses(ask)
            sql = f"{_INCIDENTS} WHERE {' AND '.join(clauses)} ORDER BY opened_at_ns DESC, incident_id"
            rows: list[IncidentRow] = []
            for row in self._database.query(sql, values):
                if len(rows) >= limit and row["opened_at_ns"] != rows[-1].opened_at_ns:
                    return IncidentPage(rows=tuple(rows), more=True)
                place = Words(en=row.pop("place_en"), ko=row.pop("place_ko"))
                agencies = tuple(msgspec.json.decode(row.pop("agencies"), type=list[str]))
                rows.append(IncidentRow(**row, place=place, agencies=agencies))
            return IncidentPage(rows=tuple(rows))

    def history(self, incident_id: str, limit: int = PAGE_LIMIT) -> LogPage:
        """Everything that belongs to one incident, oldest first; of a long one, the newest `limit`."""
        limit = _limit(limit)
        with self._reading():
            rows = self._connection.execute(
                "SELECT seq, CAST(body AS BLOB) FROM part JOIN entry USING (seq)"
                " WHERE incident_id = ? ORDER BY seq DESC LIMIT ?", (incident_id, limit + 1),
            ).fetchall()  # fmt: skip
        found = [record.readable(seq, body) for seq, body in reversed(rows[:limit])]
        return LogPage(entries=tuple(found), more=len(rows) > limit)

    def head(self) -> Head:
        """Where the record ends."""
        with self._reading():
            return record.head_of(self._connection)

    def entries(self, after_seq: int = 0) -> Iterator[Entry]:
        """All entries after `after_seq`, of all runs, in order."""
        with self._reading():
            yield from record.entries_after(self._connection, after_seq)

    def of_kinds(self, kinds: Iterable[str], after_seq: int = 0) -> Iterator[Entry]:
        """The entries of these kinds after `after_seq`, oldest first."""
        match = _any_of(facet_token("kind", one) for one in kinds)
        with self._reading():
            rows = self._connection.execute(
                "SELECT entry.seq, CAST(entry.body AS BLOB) FROM token CROSS JOIN entry"
                " ON entry.seq = token.rowid WHERE token MATCH ? AND token.rowid > ? ORDER BY token.rowid",
                (match, after_seq),
            )  # fmt: skip
            try:
                for seq, body in rows:
                    yield record.readable(seq, body)
            finally:
                rows.close()

    def began_ns(self) -> int:
        """When the first entry was made; 0 for an empty record."""
        with self._reading():
            row = self._connection.execute("SELECT at_ns FROM entry ORDER BY seq LIMIT 1").fetchone()
        return int(row[0]) if row else 0

    def outbox(self) -> list[OutboxRow]:
        """The messages still owed, oldest first."""
        with self._reading():
            return record.owed(self._connection)

    def recent_commands(self, limit: int) -> dict[str, int]:
        """The last requests that made entries, with the number of the last entry of each."""
        with self._reading():
            return record.recent_commands(self._connection, limit)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> LedgerReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        if threading.get_ident() != self._thread:
            raise LedgerMisuse("a ledger reader was used from another thread than the one that opened it")
        with surroundings():
            yield

    def _candidates(self, wanted: LogFilter, before_seq: int) -> Iterator[Entry]:
        """The entries that pass the filter, newest first."""
        first, last = self._between(wanted)
        last = min(last, before_seq - 1) if before_seq else last
        words = wanted_words(wanted.text)
        match = self._match(wanted, words)
        source, values = "entry", []
        if match:
            source = "token CROSS JOIN entry ON entry.seq = token.rowid"
            clauses = ["token MATCH ?", "token.rowid BETWEEN ? AND ?"]
            order, values = "token.rowid", [match, first, last]
        else:
            clauses, order, values = ["entry.seq BETWEEN ? AND ?"], "entry.seq", [first, last]
        if wanted.since_ns:
            clauses.append("entry.at_ns >= ?")
            values.append(wanted.since_ns)
        if wanted.until_ns:
            clauses.append("entry.at_ns < ?")
            values.append(wanted.until_ns)
        if wanted.incident_id:
            clauses.append("EXISTS (SELECT 1 FROM part WHERE incident_id = ? AND part.seq = entry.seq)")
            values.append(wanted.incident_id)
        rows = self._connection.execute(
            f"SELECT entry.seq, CAST(entry.body AS BLOB) FROM {source}"  # noqa: S608 - our own text, values bound
            f" WHERE {' AND '.join(clauses)} ORDER BY {order} DESC", values,
        )  # fmt: skip
        try:
            for seq, body in rows:
                entry = record.readable(seq, body)
                if not words or self._says(entry, words):
                    yield entry
        finally:
            rows.close()

    def _between(self, wanted: LogFilter) -> tuple[int, int]:
        """The numbers between which all wanted entries lie."""
        first, last = 1, _LAST_SEQ
        if wanted.since_ns or wanted.until_ns:
            low = wanted.since_ns // SPAN_NS
            high = (wanted.until_ns - 1) // SPAN_NS if wanted.until_ns else _LAST_SEQ
            row = self._connection.execute(
                "SELECT min(first_seq), max(last_seq) FROM span WHERE ten_minutes BETWEEN ? AND ?",
                (low, high),
            ).fetchone()
            first, last = (1, 0) if row[0] is None else row
        if wanted.incident_id:
            row = self._connection.execute(
                "SELECT min(seq), max(seq) FROM part WHERE incident_id = ?", (wanted.incident_id,)
            ).fetchone()
            first, last = (1, 0) if row[0] is None else (max(first, row[0]), min(last, row[1]))
        return first, last

    def _match(self, wanted: LogFilter, words: Iterable[str]) -> str:
        """The question for the token index; empty when it would not narrow anything."""
        terms: list[str] = []
        if wanted.kinds:
            terms.append(_any_of(facet_token("kind", one) for one in wanted.kinds))
        for field in ("person", "district", "incident_type"):
            if value := getattr(wanted, field):
                terms.append(_any_of([facet_token(field, value)]))
        for word in words:
            inside = " AND ".join(f'"{one}"' for one in word_tokens(word))
            named = _any_of(self._named(word))
            terms.append(f"(({inside}) OR {named})" if named else f"({inside})")
        return " AND ".join(terms)

    def _named(self, word: str) -> list[str]:
        """The facet tokens of everything whose name has `word` in it."""
        ids = [one for one, name in self._names if word in name]
        return [facet_token(field, one) for one in ids for field in ("kind", "district", "incident_type")]

    def _says(self, entry: Entry, words: Iterable[str]) -> bool:
        """Whether every word really occurs: the index knows letters and pairs, not their order."""
        texts = searchable(entry)
        return all(occurs(word, texts) or self._is_named(entry, word) for word in words)

    def _is_named(self, entry: Entry, word: str) -> bool:
        """Whether the word is in the name of the entry's kind, type or district, or of its incident's."""
        ids = [one for one, name in self._names if word in name]
        own = facets(entry)
        if own.kind in ids or own.incident_type in ids or own.district in ids:
            return True
        sql = "SELECT 1 FROM token WHERE token MATCH ? AND rowid = ?"
        asked = (_any_of(self._named(word)), entry.seq)
        return bool(ids) and self._connection.execute(sql, asked).fetchone() is not None

    def _incident_clauses(self, ask: AskIncidents) -> tuple[list[str], list[object]]:
        wanted = ask.filter
        found: list[tuple[str, list[object]]] = [("1", [])]
        if ask.before_ns:
            found.append(("opened_at_ns < ?", [ask.before_ns]))
        if wanted.since_ns:
            found.append(("opened_at_ns >= ?", [wanted.since_ns]))
        if wanted.until_ns:
            found.append(("opened_at_ns < ?", [wanted.until_ns]))
        if wanted.incident_id:
            found.append(("incident_id = ?", [wanted.incident_id]))
        if wanted.incident_type:
            found.append(("type = ?", [wanted.incident_type]))
        if wanted.district:
            found.append(("district = ?", [wanted.district]))
        if wanted.person:
            found.append(("instr(people, ?)", [f"\n{wanted.person}\n"]))
        if wanted.kinds:
            found.append((
                f"({' OR '.join(['instr(kinds, ?)'] * len(wanted.kinds))})",
                [f"\n{kind}\n" for kind in wanted.kinds],
            ))  # fmt: skip
        for word in wanted_words(wanted.text):
            ids = [one for one, name in self._names if word in name]
            marks = ", ".join("?" * len(ids))
            clause = f"(instr(text, ?) OR type IN ({marks}) OR district IN ({marks}))"
            found.append((clause, [word, *ids, *ids]))
            if not ids and (saying := self._few_incidents(word)) is not None:
                found.append(("incident_id IN (SELECT value FROM json_each(?))", [saying]))
        return [clause for clause, _ in found], [value for _, values in found for value in values]


    def _few_incidents(self, word: str) -> str | None:
        """The incidents whose entries can have a rare word, as a JSON array; None for a common word.

        A common word needs no help: reading the incidents from the newest soon fills a page.
        """
        asked = " AND ".join(f'"{one}"' for one in word_tokens(word))
        rows = self._connection.execute(
            "SELECT rowid FROM token WHERE token MATCH ? LIMIT ?", (asked, FEW + 1)
        ).fetchall()
        if len(rows) > FEW:
            return None
        seqs = msgspec.json.encode([seq for (seq,) in rows]).decode()
        ids = self._connection.execute(
            "SELECT DISTINCT incident_id FROM part WHERE seq IN (SELECT value FROM json_each(?))", (seqs,)
        )
        return msgspec.json.encode([one for (one,) in ids]).decode()


def _any_of(tokens: Iterable[str]) -> str:
    quoted = [f'"{one}"' for one in tokens]
    return f"({' OR '.join(quoted)})" if quoted else ""


def _limit(asked: int) -> int:
    return max(1, min(asked, PAGE_LIMIT))
