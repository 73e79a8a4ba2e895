"""What the server answers, as JSON and as XML: GeoReport v2's own element names. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from console.citizens.personal import without_contacts
from console.clock import SECOND_NS
from console.model.base import Words
from console.model.citizenreport import CitizenReport
from console.profile.reports import ReportBook, ReportService

Row = dict[str, Any]
Elements = list[tuple[str, Any]]
"""Name and value; a list is elements inside."""
CONTENT_TYPES = {"json": "application/json", "xml": "text/xml"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(rows: Any) -> bytes:
    """UTF-8, as people can read it."""
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace")


def as_xml(root: str, item: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A list of flat rows; None is an empty element."""
    return _document(root, [(item, list(row.items())) for row in rows])


def services(book: ReportBook, language: str) -> list[Row]:
    """The list of services."""
    return [
        {
            "service_code": one.code, "service_name": one.name.in_language(language),
            "description": one.description.in_language(language), "metadata": bool(one.attributes),
            "type": "realtime", "keywords": one.keywords.in_language(language),
            "group": book.groups[one.group].in_language(language),
        }
        for one in book.services.values()
    ]  # fmt: skip


def definition(service: ReportService, language: str) -> Row:
    """A service with the questions it asks."""
    attributes = []
    for order, one in enumerate(service.attributes, 1):
        row: Row = {
            "variable": one.answered, "code": one.code, "datatype": one.datatype, "required": one.required,
            "datatype_description": one.hint.in_language(language), "order": order,
            "description": one.text.in_language(language),
        }  # fmt: skip
        if one.values:
            row["values"] = [
                {"key": choice.key, "name": choice.name.in_language(language)} for choice in one.values
            ]
        attributes.append(row)
    return {"service_code": service.code, "attributes": attributes}


def definition_xml(row: Row) -> bytes:
    """The same as XML, where lists have elements of their own."""
    attributes: Elements = []
    for one in row["attributes"]:
        parts: Elements = [(key, value) for key, value in one.items() if key != "values"]
        if "values" in one:
            parts.append(("values", [("value", list(choice.items())) for choice in one["values"]]))
        attributes.append(("attribute", parts))
    return _document(
        "service_definition", [("service_code", row["service_code"]), ("attributes", attributes)]
    )


def request_row(
    report: CitizenReport, book: ReportBook, owners: Mapping[str, Words], zone: ZoneInfo, language: str
) -> Row:
    """A report as anybody may see it: without who sent it, and without numbers written into the text."""
    told = report.told
    service = book.services.get(told.service)
    owner = owners.get(report.agency)
    address = told.address or (told.place.address or told.place.name).in_language(language)
    return {
        "service_request_id": report.id, "status": "open" if report.is_open else "closed",
        "status_notes": without_contacts(report.answer) or None,
        "service_name": service.name.in_language(language) if service is not None else told.service,
        "service_code": told.service, "description": without_contacts(told.text) or None,
        "agency_responsible": owner.in_language(language) if owner is not None else None,
        "service_notice": notice_of(service, book, language),
        "requested_datetime": moment(told.told_at_ns, zone),
        "updated_datetime": moment(report.changed_at_ns, zone),
        "expected_datetime": moment(report.expected_at_ns, zone) if report.expected_at_ns else None,
        "address": without_contacts(address), "address_id": None, "zipcode": None,
        "lat": told.place.position.lat, "long": told.place.position.lon, "media_url": told.media_url or None,
    }  # fmt: skip


def notice_of(service: ReportService | None, book: ReportBook, language: str) -> str:
    """What is said with a report: the service's own notice first."""
    parts = [service.notice] if service is not None and service.notice is not None else []
    return " ".join(one.in_language(language) for one in (*parts, book.jurisdiction.notice))


def discovery(book: ReportBook, base_url: str, secure: bool, changed_ns: int, language: str) -> Row:
    """The service discovery: where the end points are, and whom to ask for a key."""
    return {
        "changeset": moment(changed_ns, ZoneInfo("UTC")),
        "contact": book.jurisdiction.contact.in_language(language),
        "key_service": book.jurisdiction.contact.in_language(language),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2", "url": base_url,
                "changeset": moment(changed_ns, ZoneInfo("UTC")), "type": "production",
                "formats": list(CONTENT_TYPES.values()),
            }
        ],
    }  # fmt: skip


def discovery_xml(row: Row) -> bytes:
    """The same as XML."""
    endpoints: Elements = []
    for one in row["endpoints"]:
        parts: Elements = [(key, value) for key, value in one.items() if key != "formats"]
        parts.append(("formats", [("format", kind) for kind in one["formats"]]))
        endpoints.append(("endpoint", parts))
    told: Elements = [(key, row[key]) for key in ("changeset", "contact", "key_service")]
    return _document("discovery", [*told, ("endpoints", endpoints)])


def moment(at_ns: int, zone: ZoneInfo) -> str:
    """W3C date and time with the city's offset."""
    return datetime.fromtimestamp(at_ns // SECOND_NS, zone).isoformat(timespec="seconds")


def _document(root: str, parts: Elements) -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(root, parts)}\n'
    return text.encode("utf-8", "replace")


def _element(name: str, value: Any) -> str:
    """Element names are the standard's; every text is escaped, and what XML has no sign for is left out."""
    if isinstance(value, list):
        inner = "".join(_element(*part) for part in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else escape(_NOT_XML.sub("", str(value)))
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"
