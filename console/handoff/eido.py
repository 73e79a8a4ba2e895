"""The second wire format: an incident as JSON, given with the verbs of NENA-STA-024.

Modelled on EIDO (NENA-STA-021) and its conveyance: requestForService, requestAwareness, cancelRequest,
responseToRequest with its codes, and notifications. Names and structure are ours where the standard's own
schema has no licence to copy; a partner that speaks the full EIDO needs an adapter, not this file changed.
`parse` refuses with the path; `build` writes the canonical form, the same bytes for the same message.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from console.handoff.jsontext import JsonError, canonical, read_json
from console.handoff.thread.figures import ladder
from console.model.base import Record, Words

PROFILE: Literal["bongsu-eido:1"] = "bongsu-eido:1"
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=256, pattern=r"^[^\s<&,]+$")]
Party = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Time = Annotated[str, msgspec.Meta(max_length=40)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Short = Annotated[str, msgspec.Meta(max_length=2_000)]
Lat = Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
Lon = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]

RESPONSE_CODES = frozenset(
    {180, 182, 200, 302, 400, 403, 404, 408, 488, 500, 501, 502, 503, 504, 505, 513, 603, 606}
)
"""Of responseToRequest in NENA-STA-024.1.1."""
Verb = Literal["requestForService", "requestAwareness", "cancelRequest"]
Status = Literal["Actual", "Exercise", "Test"]
IncidentStatus = Literal["assigned", "onScene", "closed", "note"]


class EidoError(ValueError):
    """What is wrong with a message, and where (`path`, as in $.requestForService.incident.location)."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class _Json(Record, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Names are written in camel case; what has its default is left out."""


class Priority(_Json, frozen=True, kw_only=True):
    """The receiver's own scale and a value of it."""

    scale: Short
    value: Short


class Location(_Json, frozen=True, kw_only=True):
    """WGS84 degrees, with the name and address a person would say."""

    latitude: Lat
    longitude: Lon
    name: Words
    address: Words | None = None
    district: Short = ""


class CallerComponent(_Json, frozen=True, kw_only=True):
    called_at: Time
    name: Short = ""
    call_back: Short = ""
    said: Text = ""


class Observation(_Json, frozen=True, kw_only=True):
    """What was seen, when, and by what."""

    at: Time
    text: Words
    source: Words | None = None


class Attachment(_Json, frozen=True, kw_only=True):
    """A still or clip to fetch."""

    kind: Literal["still", "clip"]
    mime_type: Short
    url: Short
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    sha256: Sha256
    description: Words
    seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 0.0


class Reading(_Json, frozen=True, kw_only=True):
    """A sensor's values at equal intervals; null where there was none."""

    name: Words
    unit: Short
    begin: Time
    end: Time
    values: Annotated[tuple[float | None, ...], msgspec.Meta(max_length=512)]
    limit: float | None = None


class CardEntry(_Json, frozen=True, kw_only=True):
    """One field of the partner's card (119's three, THRIVE's six)."""

    id: Short
    label: Words
    text: Words


class ProcedureStep(_Json, frozen=True, kw_only=True):
    """A step of the sender's procedure: since when it is done, or has been open."""

    at: Time
    state: Literal["done", "open"]
    text: Words
    answer: Words | None = None


class Incident(_Json, frozen=True, kw_only=True):
    """The incident as it is now. `tracking` is our number for it."""

    tracking: Id
    type: Short
    type_text: Words
    category: Short
    priority: Priority
    opened: Time
    location: Location
    agency: Short
    person: Short
    contact: Short
    caller: tuple[CallerComponent, ...] = ()
    observation: tuple[Observation, ...] = ()
    attachment: tuple[Attachment, ...] = ()
    reading: tuple[Reading, ...] = ()
    card: tuple[CardEntry, ...] = ()
    procedure: Annotated[tuple[ProcedureStep, ...], msgspec.Meta(max_length=32)] = ()
    note: Text = ""


class RequestForService(_Json, frozen=True, kw_only=True):
    """Please take this. `transaction_id` is the key: the same one is the same case, as often as it comes."""

    transaction_id: Id
    incident: Incident


class RequestAwareness(_Json, frozen=True, kw_only=True):
    """Please know of this; nobody is asked to come."""

    transaction_id: Id
    incident: Incident


class CancelRequest(_Json, frozen=True, kw_only=True):
    """Please drop the case; the receiver decides."""

    transaction_id: Id
    person: Short
    reason: Text


class ReadBack(_Json, frozen=True, kw_only=True):
    """What the receiver understood."""

    type: Short
    code: Short
    latitude: Lat
    longitude: Lon
    place: Short = ""


class ResponseToRequest(_Json, frozen=True, kw_only=True):
    """The receiver's answer to a request, with a code of the standard."""

    transaction_id: Id
    in_response_to: Id
    request_type: Verb
    status_code: int
    status_text: Text = ""
    case_number: Short = ""
    redirect_to: Short = ""
    unit: Short = ""
    read_back: ReadBack | None = None


class Notification(_Json, frozen=True, kw_only=True):
    """What changed since, from either side."""

    transaction_id: Id
    incident_status: IncidentStatus
    text: Text = ""
    unit: Short = ""
    case_number: Short = ""
    person: Short = ""


class EidoMessage(_Json, frozen=True, kw_only=True):
    """One message: who to whom, when, and exactly one verb."""

    profile: Literal["bongsu-eido:1"]
    message_id: Id
    sender: Party
    receiver: Party
    sent: Time
    status: Status
    request_for_service: RequestForService | None = None
    request_awareness: RequestAwareness | None = None
    cancel_request: CancelRequest | None = None
    response_to_request: ResponseToRequest | None = None
    notification: Notification | None = None

    @property
    def verb(self) -> str:
        """Which of the five it is, as JSON writes it; "" where none or several are there."""
        said = [name for name in VERBS if getattr(self, name) is not None]
        return _camel(said[0]) if len(said) == 1 else ""

    @property
    def key(self) -> str:
        """The case it is about; "" where there is no one verb."""
        said = [each for name in VERBS if (each := getattr(self, name)) is not None]
        return str(said[0].transaction_id) if len(said) == 1 else ""


VERBS = (
    "request_for_service", "request_awareness", "cancel_request", "response_to_request", "notification",
)  # fmt: skip


def parse(data: bytes) -> EidoMessage:
    """Read and check one message. Raises EidoError with the path of the first thing that is wrong."""
    try:
        tree = read_json(data, ladder().json)
    except JsonError as error:
        raise EidoError(error.path, error.problem) from None
    try:
        message = msgspec.convert(tree, EidoMessage)
    except msgspec.ValidationError as error:
        problem, at, path = str(error).rpartition(" - at `")
        raise EidoError(path.rstrip("`") if at else "$", problem if at else str(error)) from None
    found = check(message)
    if found:
        raise EidoError(*found[0])
    return message


def build(message: EidoMessage) -> bytes:
    """The canonical bytes (RFC 8785). Raises EidoError for a message the other side would refuse."""
    try:
        data = canonical(msgspec.to_builtins(message))
    except JsonError as error:
        raise EidoError(error.path, error.problem) from None
    parse(data)  # nothing leaves the house that would not be let in
    return data


def check(message: EidoMessage) -> list[tuple[str, str]]:
    """What the types cannot say: (path, problem), empty when the message is good."""
    said = [name for name in VERBS if getattr(message, name) is not None]
    if len(said) != 1:
        names = ", ".join(_camel(name) for name in VERBS)
        return [("$", f"must hold exactly one of {names}")]
    found: list[tuple[str, str]] = []
    if message.sender == message.receiver:
        found.append(("$.receiver", "is the sender itself"))
    verb = f"$.{_camel(said[0])}"
    response = message.response_to_request
    if response is not None:
        if response.status_code not in RESPONSE_CODES:
            found.append((f"{verb}.statusCode", f"{response.status_code} is not a code of responseToRequest"))
        if response.status_code == 302 and not response.redirect_to:
            found.append((f"{verb}.redirectTo", "is missing; 302 says to whom it was passed"))
    cancel = message.cancel_request
    if cancel is not None and not cancel.reason.strip():
        found.append((f"{verb}.reason", "is empty; a cancel says why"))
    for path, text in _times(msgspec.to_builtins(message), "$"):
        try:
            read_time(text)
        except ValueError as error:
            found.append((path, str(error)))
    return found


_TIME_NAMES = {"sent", "opened", "calledAt", "at", "begin", "end"}


def _times(tree: Any, path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name in _TIME_NAMES and isinstance(value, str):
                found.append((f"{path}.{name}", value))
            else:
                found += _times(value, f"{path}.{name}")
    elif isinstance(tree, list | tuple):
        for row, each in enumerate(tree):
            found += _times(each, f"{path}[{row}]")
    return found


_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([-+])([0-9]{2}):([0-9]{2}))"
)


def write_time(at_ns: int) -> str:
    """RFC 3339 in UTC, with as many decimals as there are, so that no nanosecond is lost."""
    whole, rest = divmod(at_ns, 1_000_000_000)
    text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{rest:09d}".rstrip("0") if rest else "") + "Z"


def read_time(text: str) -> int:
    """Nanoseconds since 1970. Raises ValueError with what is wrong."""
    matched = _TIME.fullmatch(text)
    if matched is None:
        raise ValueError("is not a time as in 2026-03-20T09:05:00.25Z")
    hours, minutes = int(matched[4] or 0), int(matched[5] or 0)
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError("has an offset that does not exist")
    try:
        local = datetime.strptime(matched[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError("is not a day and time that exists") from None
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if matched[3] == "-" else 1)
    since = local - datetime(1970, 1, 1, tzinfo=UTC) - offset
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + int((matched[2] or "0").ljust(9, "0"))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(one.capitalize() for one in rest)
