"""The canonical bytes of an entry and the hash chain over them.

h_0 = SHA256("bongsu ledger " + id of the ledger), h_i = SHA256(h_{i-1} || canonical(entry i)).
"""

from __future__ import annotations

import hashlib

import msgspec

from console.ledger.problems import LedgerMisuse
from console.model.base import Record
from console.model.events import Entry

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Entry)


class Head(Record, frozen=True, kw_only=True):
    """Where the record ends: the last entry's number, its hash (64 hex digits) and its run.

    An empty ledger has seq 0, run "" and the hash its chain starts from.
    """

    seq: int
    hash: str
    run: str


def start_of(ledger_id: str) -> bytes:
    """h_0: two ledgers never share a chain."""
    return hashlib.sha256(b"bongsu ledger " + ledger_id.encode()).digest()


def link(before: bytes, body: bytes) -> bytes:
    """h_i from h_{i-1} and the canonical bytes of entry i."""
    return hashlib.sha256(before + body).digest()


def canonical(entry: Entry) -> bytes:
    """The one byte string that stands for `entry`: JSON in the model's order of fields, no spaces, UTF-8.

    Raises LedgerMisuse for an entry that would not come back as it is (NaN, a lone surrogate, a value of
    the wrong type): a record nobody can read again must not be written.
    """
    try:
        body = _encoder.encode(entry)
        same = _decoder.decode(body) == entry
    except (msgspec.MsgspecError, UnicodeError, TypeError, ValueError, RecursionError) as error:
        raise LedgerMisuse(f"entry {entry.seq} cannot be written and read back: {error}") from error
    if not same:
        raise LedgerMisuse(f"entry {entry.seq} would come back from the record changed")
    return body


def read(body: bytes) -> Entry:
    """The entry that `body` stands for. Raises msgspec.MsgspecError when it is none."""
    return _decoder.decode(body)
