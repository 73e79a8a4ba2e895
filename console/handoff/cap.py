"""CAP 1.2 messages: read from hostile bytes, written so that the public schema takes them.

The structure (elements, order, how often, types) is the table assets/schema/cap12.toml; this module walks
it both ways. Reading is at least as strict as the OASIS schema. What the schema cannot say is in `rules`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from console.handoff.grammar import Row, grammar
from console.handoff.prologue import CapError, xml_root
from console.model.base import Record

__all__ = [
    "CapAlert", "CapArea", "CapError", "CapInfo", "CapPair", "CapResource", "Reference", "build", "max_bytes",
    "parse", "read_time", "reference_to", "split_reference", "write_time",
]  # fmt: skip


class CapPair(Record, frozen=True, kw_only=True):
    """eventCode, parameter or geocode: a value and what kind of value it is."""

    value_name: str
    value: str


class CapResource(Record, frozen=True, kw_only=True):
    """A picture, clip or document. `digest` is SHA-1 in hex, by the standard."""

    resource_desc: str
    mime_type: str
    size: str = ""
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


class CapArea(Record, frozen=True, kw_only=True):
    """`circle` is "lat,lon radius_km", `polygon` "lat,lon lat,lon ..."; both WGS84 degrees."""

    area_desc: str
    polygon: tuple[str, ...] = ()
    circle: tuple[str, ...] = ()
    geocode: tuple[CapPair, ...] = ()
    altitude: str = ""
    ceiling: str = ""


class CapInfo(Record, frozen=True, kw_only=True):
    """What happened, in one language."""

    category: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = ""
    response_type: tuple[str, ...] = ()
    audience: str = ""
    event_code: tuple[CapPair, ...] = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameter: tuple[CapPair, ...] = ()
    resource: tuple[CapResource, ...] = ()
    area: tuple[CapArea, ...] = ()


class CapAlert(Record, frozen=True, kw_only=True):
    """One message. An optional element that is absent or empty is "" or ().

    `addresses`, `references` and `incidents` are kept as CAP writes them (lists in one string), times as
    text.
    `signed` says that an XML signature was there; it is neither checked nor kept.
    """

    identifier: str
    sender: str
    sent: str
    status: str
    msg_type: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    code: tuple[str, ...] = ()
    note: str = ""
    references: str = ""
    incidents: str = ""
    info: tuple[CapInfo, ...] = ()
    signed: bool = False


class Reference(Record, frozen=True, kw_only=True):
    """What names a message everywhere: who sent it, its identifier, when it was sent."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


def reference_to(alert: CapAlert) -> Reference:
    return Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)


def split_reference(text: str) -> Reference:
    """One "sender,identifier,sent". Raises ValueError when it is not three parts with a CAP time."""
    parts = text.split(",")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"{_quoted(text)} is not sender,identifier,sent")
    read_time(parts[2])
    return Reference(sender=parts[0], identifier=parts[1], sent=parts[2])


def write_time(at_ns: int, zone: str = "UTC") -> str:
    """A CAP dateTime: whole seconds, numeric offset, never "Z"; UTC itself is written -00:00.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    moment = datetime.fromtimestamp(at_ns // 1_000_000_000, UTC)
    if zone == "UTC":
        return moment.strftime("%Y-%m-%dT%H:%M:%S-00:00")
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def max_bytes() -> int:
    """How large a message may be."""
    return grammar().max_bytes


_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})([-+])([0-9]{2}):([0-9]{2})")


def read_time(text: str) -> int:
    """Nanoseconds since 1970 of a CAP dateTime. Raises ValueError with what is wrong."""
    matched = _TIME.fullmatch(text)
    if matched is None:
        raise ValueError(f"{_quoted(text)} is not a time as in 2026-03-20T18:05:00+09:00")
    hours, minutes = int(matched[3]), int(matched[4])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError(f"{_quoted(text)} has an offset that does not exist")
    try:
        local = datetime.strptime(matched[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        offset = timedelta(hours=hours, minutes=minutes)
        since = (local - datetime(1970, 1, 1, tzinfo=UTC)) - (offset if matched[2] == "+" else -offset)
    except ValueError:
        raise ValueError(f"{_quoted(text)} is not a day and time that exists") from None
    return (since.days * 86_400 + since.seconds) * 1_000_000_000


def parse(data: bytes) -> CapAlert:
    """Read one message. Raises CapError naming line, field and problem; opens no file and no connection."""
    root = xml_root(data)
    table = grammar()
    if not isinstance(root.tag, str) or root.tag != f"{{{table.namespace}}}alert":
        raise CapError(_line(root), "alert", f"the root is {_quoted(str(root.tag))}, not a CAP 1.2 alert")
    children = list(root)
    signatures = [one for one in children if _namespace(one) == table.signature_namespace]
    if signatures and children[-len(signatures) :] != signatures:
        raise CapError(_line(signatures[0]), "Signature", "stands before other elements; it comes last")
    fields = _fields(root, children[: len(children) - len(signatures)], "alert")
    return CapAlert(**fields, signed=bool(signatures))


def build(alert: CapAlert) -> bytes:
    """The message as UTF-8 XML, same bytes for the same message. Raises CapError for a field that cannot be.

    `signed` is not written: this console does not sign.
    """
    table = grammar()
    root = etree.Element(f"{{{table.namespace}}}alert", nsmap={None: table.namespace})
    _write(root, alert, "alert", table.namespace)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    parse(data)  # so that nothing leaves the house that would not be let in
    return data


_GROUPS: dict[str, type[Record]] = {
    "info": CapInfo, "resource": CapResource, "area": CapArea, "pair": CapPair,
}  # fmt: skip


def _fields(parent: Any, children: list[Any], group: str) -> dict[str, Any]:
    """The values of `children` by field name, in the order and number the table allows."""
    rows, at = grammar().group[group], 0
    found: dict[str, list[Any]] = {row.name: [] for row in rows}
    _no_attributes(parent)
    _no_text_between(parent, group)
    for child in children:
        name = _local_name(child)
        if name not in found:
            raise CapError(_line(child), _short(name), f"is not an element of {group}")
        while at < len(rows) and rows[at].name != name:
            _enough(rows[at], found, parent)
            at += 1
        if at == len(rows):
            raise CapError(_line(child), name, "stands in the wrong place")
        values = found[name]
        if rows[at].max and len(values) == rows[at].max:
            raise CapError(_line(child), name, "occurs twice")
        values.append(_value(child, rows[at]))
    for row in rows[at:]:
        _enough(row, found, parent)
    return {
        row.field: tuple(found[row.name]) if row.max != 1 else found[row.name][0]
        for row in rows
        if found[row.name]
    }


def _enough(row: Row, found: dict[str, list[Any]], parent: Any) -> None:
    if len(found[row.name]) < row.min:
        raise CapError(_line(parent), row.name, f"is missing in {_local_name(parent)}")


def _value(element: Any, row: Row) -> Any:
    if row.type in _GROUPS:
        return _GROUPS[row.type](**_fields(element, list(element), row.type))
    _no_attributes(element)
    if len(element):
        raise CapError(_line(element[0]), row.name, "holds elements; text was expected")
    try:
        return checked(row, element.text or "")
    except ValueError as error:
        raise CapError(_line(element), row.name, str(error)) from None


def checked(row: Row, text: str) -> str:
    """`text` as the row's type wants it. Raises ValueError with what was expected."""
    allowed = grammar().enum.get(row.type)
    if allowed is not None:
        if text not in allowed:
            raise ValueError(f"{_quoted(text)} is not one of {', '.join(allowed)}")
        return text
    if row.type == "string":
        return text
    text = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")  # what the schema calls collapsed
    if row.type == "time":
        read_time(text)
        return text
    pattern, expected = _SIMPLE[row.type]
    if not pattern.fullmatch(text):
        raise ValueError(f"{_quoted(text)} is not {expected}")
    return text


_SIMPLE = {
    "integer": (re.compile(r"[-+]?[0-9]{1,18}"), "a whole number"),
    "decimal": (re.compile(r"[-+]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})"), "a number"),
    "language": (re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"), "a language as in ko-KR"),
    "uri": (
        re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?([A-Za-z0-9._~/?@!$&'()*+,;=-]|:|%[0-9A-Fa-f]{2})*(#[A-Za-z0-9._~/?-]*)?"),
        "an address (URI)",
    ),
}  # fmt: skip


def _write(parent: Any, record: Record, group: str, namespace: str) -> None:
    for row in grammar().group[group]:
        said = getattr(record, row.field)
        values = said if row.max != 1 else ((said,) if said != "" or row.min else ())
        for value in values:
            element = etree.SubElement(parent, f"{{{namespace}}}{row.name}")
            if row.type in _GROUPS:
                _write(element, value, row.type, namespace)
                continue
            try:
                element.text = value
            except ValueError:
                raise CapError(0, row.name, "holds characters that XML cannot carry") from None


def _namespace(element: Any) -> str:
    return etree.QName(element).namespace or ""


def _local_name(element: Any) -> str:
    if _namespace(element) != grammar().namespace:
        raise CapError(_line(element), _short(str(element.tag)), "is not of the CAP 1.2 namespace")
    return str(etree.QName(element).localname)


def _no_attributes(element: Any) -> None:
    for name in element.attrib:
        if not name.startswith("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"):
            raise CapError(_line(element), _short(str(name)), "is an attribute; CAP elements have none")


def _no_text_between(parent: Any, group: str) -> None:
    between = [parent.text, *(child.tail for child in parent)]
    if any(text and text.strip(" \t\r\n") for text in between):
        raise CapError(_line(parent), group, "holds text between its elements")


def _line(element: Any) -> int:
    return int(element.sourceline or 0)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _quoted(text: str) -> str:
    """A stranger's text, fit for a log line: short, one line, no control characters."""
    return repr(_short(text))
