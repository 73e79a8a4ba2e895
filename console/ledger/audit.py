"""Walks the whole record once: hash chain, numbers, and whether the columns repeat what the body says."""

from __future__ import annotations

import hashlib
import sqlite3

import msgspec

from console.ledger.chain import link, read, start_of
from console.ledger.record import identity
from console.model.events import Entry, HandoffCancelAsked, HandoffQueued, HandoffUpdateQueued, kind_of
from console.model.events.base import Event

_PAGE = 2000
_SELECT = (
    "SELECT seq, run, at_ns, kind, command_id, CAST(body AS BLOB), hash FROM entry"
    " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
)


class Audit(msgspec.Struct):
    """`broken`: numbers whose hash does not follow; `gaps`: (first, last) missing; `odd`: (number, what)."""

    entries: int = 0
    broken: list[int] = []
    gaps: list[tuple[int, int]] = []
    odd: list[tuple[int, str]] = []


def owes(event: Event) -> tuple[str, str, str] | None:
    """(hand-off, message id, SHA-256) of the message an entry owes a partner; None for one that owes none."""
    if isinstance(event, HandoffQueued):
        return event.handoff_id, event.message_id or event.key, event.message_sha256
    if isinstance(event, HandoffCancelAsked | HandoffUpdateQueued):
        return event.handoff_id, event.message_id, event.message_sha256
    return None


def audit(connection: sqlite3.Connection, upto: int) -> Audit:
    """Look at every entry up to number `upto`, and at the messages that were queued by them.

    Page by page without a transaction: what is there is never changed, so a writer is not held up.
    """
    seen = Audit()
    before, last = start_of(identity(connection)), 0
    lowest = connection.execute("SELECT min(seq) FROM entry").fetchone()[0]
    at = min(0, (lowest or 1) - 1)
    promised: dict[int, tuple[str, str, str]] = {}
    while rows := connection.execute(_SELECT, (at, upto, _PAGE)).fetchall():
        for seq, run, at_ns, kind, command_id, body, digest in rows:
            if seq != last + 1:
                seen.gaps.append((last + 1, seq - 1))
            if link(before, body) != digest:
                seen.broken.append(seq)
            entry = _entry(seq, body, seen)
            if entry is not None:
                asked_by = entry.cause.command_id or None
                said = (entry.seq, entry.run, entry.at_ns, kind_of(entry.event), asked_by)
                if said != (seq, run, at_ns, kind, command_id):
                    seen.odd.append((seq, "its columns say something else than its body"))
                about = owes(entry.event)
                if about is not None:
                    promised[seq] = about
            # From the hash as stored: one changed entry is one finding and not one for each that follows.
            before, last = digest, seq
        at = last
        seen.entries += len(rows)
    _messages(connection, promised, upto, seen)
    return seen


def _entry(seq: int, body: bytes, seen: Audit) -> Entry | None:
    try:
        return read(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        seen.odd.append((seq, f"cannot be read: {error}"))
        return None


def _messages(
    connection: sqlite3.Connection, promised: dict[int, tuple[str, str, str]], upto: int, seen: Audit
) -> None:
    """The bytes owed to a partner are those whose hash the chain holds."""
    rows = connection.execute(
        "SELECT handoff_id, message_id, queued_seq, CAST(message AS BLOB) FROM outbox WHERE queued_seq <= ?",
        (upto,),
    )
    for handoff_id, message_id, queued_seq, message in rows:
        if promised.get(queued_seq) != (handoff_id, message_id, hashlib.sha256(message).hexdigest()):
            seen.odd.append((queued_seq, f"the message of hand-off {handoff_id} is not the one it names"))
