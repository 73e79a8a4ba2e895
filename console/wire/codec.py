"""Records to bytes and back: MessagePack by msgspec, typed, strict about unknown fields and depth."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from console.model.citizenreport import ReportContact
from console.model.commands import Accepted, Refused, Request
from console.model.control import DeviceOrder, ServesControls
from console.model.events import Entry
from console.model.fact import AnyFact, FactTaken
from console.model.query import (
    AlarmFiguresPage,
    AvailabilityPage,
    DraftPage,
    GoalsPage,
    HubHealth,
    IncidentPage,
    LedgerHead,
    LogPage,
    PrecisionPage,
    QueryRequest,
)
from console.model.state import CityState

Kind = TypeVar("Kind")

MAX_FRAME_BYTES = 1 << 20
"""A frame larger than this is refused and counted; eight times as much ends the connection in the socket."""


class WireError(Exception):
    """Bytes that are not the record they should be; the text names the field."""


_encoder = msgspec.msgpack.Encoder()


class _Decode(msgspec.Struct, frozen=True):
    name: str
    decoder: Any

    def __call__(self, data: bytes | memoryview) -> Any:
        try:
            return self.decoder.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, OverflowError) as error:
            raise WireError(f"{self.name}: {error}") from None


def encode(record: Any) -> bytes:
    """The MessagePack bytes of a record."""
    return _encoder.encode(record)


_fact = _Decode("fact", msgspec.msgpack.Decoder(AnyFact))
_taken = _Decode("fact answer", msgspec.msgpack.Decoder(FactTaken))
_order = _Decode("order", msgspec.msgpack.Decoder(DeviceOrder))
_serves = _Decode("served controls", msgspec.msgpack.Decoder(ServesControls))
_entry = _Decode("entry", msgspec.msgpack.Decoder(Entry))
_request = _Decode("request", msgspec.msgpack.Decoder(Request))
_answer = _Decode("answer", msgspec.msgpack.Decoder(Accepted | Refused))
_query = _Decode("query", msgspec.msgpack.Decoder(QueryRequest))
_health = _Decode("health", msgspec.msgpack.Decoder(HubHealth))
_state = _Decode("snapshot", msgspec.msgpack.Decoder(CityState))
_log_page = _Decode("page", msgspec.msgpack.Decoder(LogPage))
_incident_page = _Decode("page", msgspec.msgpack.Decoder(IncidentPage))
_goals = _Decode("page", msgspec.msgpack.Decoder(GoalsPage))
_availability = _Decode("page", msgspec.msgpack.Decoder(AvailabilityPage))
_contact = _Decode("contact", msgspec.msgpack.Decoder(ReportContact))
_draft = _Decode("draft", msgspec.msgpack.Decoder(DraftPage))
_alarm_figures = _Decode("page", msgspec.msgpack.Decoder(AlarmFiguresPage))
_precision = _Decode("page", msgspec.msgpack.Decoder(PrecisionPage))
_head = _Decode("head", msgspec.msgpack.Decoder(LedgerHead))


def decode_fact(data: bytes | memoryview) -> AnyFact:
    """Raises WireError."""
    return _fact(data)  # type: ignore[no-any-return]


def decode_taken(data: bytes | memoryview) -> FactTaken:
    """Raises WireError."""
    return _taken(data)  # type: ignore[no-any-return]


def decode_order(data: bytes | memoryview) -> DeviceOrder:
    """Raises WireError."""
    return _order(data)  # type: ignore[no-any-return]


def decode_serves(data: bytes | memoryview) -> ServesControls:
    """Raises WireError."""
    return _serves(data)  # type: ignore[no-any-return]


def decode_entry(data: bytes | memoryview) -> Entry:
    """Raises WireError."""
    return _entry(data)  # type: ignore[no-any-return]


def decode_request(data: bytes | memoryview) -> Request:
    """Raises WireError."""
    return _request(data)  # type: ignore[no-any-return]


def decode_answer(data: bytes | memoryview) -> Accepted | Refused:
    """Raises WireError."""
    return _answer(data)  # type: ignore[no-any-return]


def decode_query(data: bytes | memoryview) -> QueryRequest:
    """Raises WireError."""
    return _query(data)  # type: ignore[no-any-return]


def decode_health(data: bytes | memoryview) -> HubHealth:
    """Raises WireError."""
    return _health(data)  # type: ignore[no-any-return]


def decode_state(data: bytes | memoryview) -> CityState:
    """Raises WireError."""
    return _state(data)  # type: ignore[no-any-return]


AnyPage = (
    LogPage | IncidentPage | AvailabilityPage | GoalsPage | AlarmFiguresPage | LedgerHead | ReportContact
    | DraftPage | PrecisionPage
)
_PAGES = {
    "head": _head, "incidents": _incident_page, "availability": _availability, "goals": _goals,
    "alarm_figures": _alarm_figures, "report_contact": _contact, "keep_caller": _contact,
    "draft": _draft, "precision": _precision,
}  # fmt: skip


def decode_page(data: bytes | memoryview, of: str) -> AnyPage:
    """The answer to a query, by the query's tag; a page of the log unless told. Raises WireError."""
    decode = _PAGES.get(of, _log_page)
    return decode(data)  # type: ignore[no-any-return]
