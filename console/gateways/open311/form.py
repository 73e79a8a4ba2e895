"""A citizen's POST, read: form to report and contact data, or the error with the field named. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from console.gateways.open311.mistakes import GeoError
from console.gateways.open311.whereabouts import Whereabouts
from console.model.base import Position
from console.model.citizenreport import GivenAnswer, ReportContact, ReportTold
from console.profile.reports import ReportAttribute, ReportBook, ReportService

MOST_FIELDS = 200
LONGEST_LINK = 2_000
_DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,15})?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,255}")
_PHONE = re.compile(r"\+?[\d ().-]{5,25}")
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](\[\])?")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
"""Signs that steer a terminal or turn writing round; XML 1.0 has no place for most of them."""

Form = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that can be taken; `contact` None where the citizen gave none."""

    told: ReportTold
    contact: ReportContact | None
    service: ReportService


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading a report needs: the city's book, where things are, the limits, the digest's key."""

    book: ReportBook
    where: Whereabouts
    city_name: str
    description_characters: int
    field_characters: int
    secret: bytes


def read_form(body: bytes, content_type: str) -> Form:
    """The fields of an urlencoded body, each with all its values. Raises GeoError."""
    kind, _, parameters = content_type.partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters)
    if kind.strip().lower() != "application/x-www-form-urlencoded":
        raise GeoError(400, "not_a_form", "Content-Type")
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise GeoError(400, "not_utf8", "Content-Type")
    return read_fields(body)


def read_fields(text: bytes) -> Form:
    """The fields of a query or body. Raises GeoError."""
    try:
        pairs = parse_qsl(
            text.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict",
            max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except UnicodeDecodeError:
        raise GeoError(400, "not_utf8") from None
    except ValueError:
        raise GeoError(413, "too_large", limit=f"{MOST_FIELDS} fields") from None
    found: Form = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def one(form: Form, name: str, most: int = 400) -> str:
    """The only value of a field without blanks around and signs that steer, "" for none. Raises GeoError."""
    values = form.get(name, [])
    if len(values) > 1:
        raise GeoError(400, "twice", name)
    text = clean(values[0]) if values else ""
    if len(text) > most:
        raise GeoError(400, "too_large", name, limit=f"{most} characters")
    return text


def clean(text: str) -> str:
    """Text with lines kept and signs that steer a screen taken out."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def check_jurisdiction(form: Form, book: ReportBook) -> None:
    """An id that is given must be ours; one server answers for one city, so it may be left out."""
    told = one(form, "jurisdiction_id")
    if told and told != book.jurisdiction.id:
        raise GeoError(404, "unknown_jurisdiction", "jurisdiction_id", known=book.jurisdiction.id)


def read_report(form: Form, desk: Desk, token: str, now_ns: int, language: str) -> Filed:
    """The report a form makes. Raises GeoError for the first field that cannot be."""
    check_jurisdiction(form, desk.book)
    code = one(form, "service_code")
    if not code:
        raise GeoError(400, "missing", "service_code")
    service = desk.book.services.get(code)
    if service is None:
        raise GeoError(404, "unknown_service", "service_code")
    address = " ".join(one(form, "address_string", desk.field_characters).split())
    position = _position(form, desk, address)
    contact = _contact(form, desk.field_characters)
    told = ReportTold(
        token=token, service=code, place=desk.where.place_of(position, address),
        text=one(form, "description", desk.description_characters), address=address,
        media_url=_link(one(form, "media_url", LONGEST_LINK)), answers=_answers(form, service, desk),
        told_at_ns=now_ns, language=language, citizen=_digest(contact, desk.secret),
        has_contact=contact is not None,
    )  # fmt: skip
    return Filed(told, contact, service)


def _position(form: Form, desk: Desk, address: str) -> Position:
    lat, lon = one(form, "lat"), one(form, "long")
    if lat or lon:
        if not (lat and lon):
            raise GeoError(400, "missing", "long" if lat else "lat")
        position = Position(lat=_degrees("lat", lat, 90.0), lon=_degrees("long", lon, 180.0))
        if not desk.where.inside(position):
            raise GeoError(400, "outside", "lat, long", city=desk.city_name)
        return position
    if not address:
        raise GeoError(400, "no_place", "lat, long")
    found = desk.where.find(address)
    if found is None:
        raise GeoError(400, "no_such_address", "address_string")
    return found


def _degrees(field: str, text: str, most: float) -> float:
    if not _DEGREES.fullmatch(text) or abs(float(text)) > most:
        raise GeoError(400, "not_degrees", field, low=f"-{most:g}", high=f"{most:g}")
    return float(text)


def _link(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good or not text.isprintable() or any(one in text for one in ' <>"'):
        raise GeoError(400, "not_a_link", "media_url")
    return text


def _contact(form: Form, most: int) -> ReportContact | None:
    given = {
        name: " ".join(one(form, name, most).split())
        for name in ("first_name", "last_name", "phone", "email", "account_id", "device_id")
    }
    if given["email"] and not _EMAIL.fullmatch(given["email"]):
        raise GeoError(400, "not_an_email", "email")
    if given["phone"] and not _PHONE.fullmatch(given["phone"]):
        raise GeoError(400, "not_a_phone", "phone")
    if not any(given.values()):
        return None
    return ReportContact(
        report_id="", name=f"{given['first_name']} {given['last_name']}".strip(), phone=given["phone"],
        email=given["email"], account_id=given["account_id"], device_id=given["device_id"],
    )  # fmt: skip


def _digest(contact: ReportContact | None, secret: bytes) -> str:
    """Who it is, for telling the same from another and for nothing else: a name alone is nobody."""
    if contact is None:
        return ""
    phone = "".join(one for one in contact.phone if one.isdigit())
    who = phone or contact.email.casefold() or contact.account_id or contact.device_id
    return hmac.new(secret, who.encode("utf-8"), hashlib.sha256).hexdigest()[:24] if who else ""


def _answers(form: Form, service: ReportService, desk: Desk) -> tuple[GivenAnswer, ...]:
    given: dict[str, list[str]] = {}
    for name, values in form.items():
        found = _ATTRIBUTE.fullmatch(name)
        if found is not None:
            given.setdefault(found[1], []).extend(one for one in map(clean, values) if one)
    known = {one.code: one for one in service.attributes}
    for code in given:
        if code not in known or not known[code].answered:
            raise GeoError(400, "unknown_attribute", f"attribute[{clean(code)[:48]}]")
    answers = []
    for attribute in service.attributes:
        values = given.get(attribute.code, [])
        if not values and attribute.required:
            raise GeoError(400, "missing", f"attribute[{attribute.code}]")
        if values:
            _check_values(attribute, values, desk)
            answers.append(GivenAnswer(code=attribute.code, values=tuple(dict.fromkeys(values))))
    return tuple(answers)


def _check_values(attribute: ReportAttribute, values: list[str], desk: Desk) -> None:
    field = f"attribute[{attribute.code}]"
    if len(values) > 1 and attribute.datatype != "multivaluelist":
        raise GeoError(400, "twice", field)
    most = desk.description_characters if attribute.datatype == "text" else desk.field_characters
    for value in values:
        if len(value) > most:
            raise GeoError(400, "too_large", field, limit=f"{most} characters")
        if attribute.datatype == "number" and not _NUMBER.fullmatch(value):
            raise GeoError(400, "not_a_number", field)
        if attribute.datatype == "datetime":
            read_moment(value, field)
        keys = [one.key for one in attribute.values]
        if keys and value not in keys:
            raise GeoError(400, "not_a_choice", field, choices=", ".join(keys))


def read_moment(text: str, field: str) -> datetime:
    """A W3C date and time with its zone. Raises GeoError."""
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise GeoError(400, "not_a_moment", field) from None
    if found.tzinfo is None or not 1970 < found.year < 2200:
        raise GeoError(400, "not_a_moment", field)
    return found
