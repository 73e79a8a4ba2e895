"""CAP 1.2 with the hand-off profile, as a partner speaks it."""

from __future__ import annotations

import hashlib

from console.agency.tongue import Heard, HeardKind, Name, ReadBack, Saying, TongueError, code_of
from console.handoff import rules
from console.handoff.cap import (
    CapAlert,
    CapArea,
    CapError,
    CapInfo,
    CapPair,
    Reference,
    build,
    parse,
    split_reference,
    write_time,
)
from console.handoff.kinds import PartnerKind
from console.handoff.profile import handoff_profile
from console.handoff.signing import Form
from console.model.base import Position

TYPE_CODE, UNIT_CODE, TO_CODE = "BONGSU-TYPE", "handoff:unit:", "handoff:to:"
_BY_ACK = frozenset({"opened", "accepted", "refused", "cancel_accepted", "cancel_refused"})
_KINDS: dict[str, HeardKind] = {"Alert": "request", "Update": "update", "Cancel": "cancel", "Error": "error"}


class CapTongue:
    """One agency's. The key of a case is the identifier of the Alert that opened it."""

    media_type = "application/cap+xml"
    form: Form = "bytes"

    def __init__(self, kind: PartnerKind, agency: str, sender: str) -> None:
        self._kind = kind
        self._agency = agency
        self._sender = sender

    def read(self, body: bytes) -> Heard:
        """See `Tongue`. An Alert must keep the whole profile; what comes after it, CAP's own rules."""
        try:
            alert = parse(body)
        except CapError as error:
            raise TongueError(str(error)) from None
        heard = self._heard(alert)
        problems = rules.check_handoff(alert) if alert.msg_type == "Alert" else rules.check(alert)
        if alert.addresses.split() != [self._agency]:
            problems.append(f"addresses: {alert.addresses[:60]!r} is not {self._agency}")
        if alert.msg_type not in _KINDS:
            problems.append(f"msgType: a hand-off is an Alert, not {alert.msg_type}")
        elif alert.msg_type in ("Update", "Cancel") and not alert.note.strip():
            problems.append(f"note: is empty; a {alert.msg_type} says what or why")
        if problems:
            raise TongueError("; ".join(problems[:5]), heard)
        return heard

    def _heard(self, alert: CapAlert) -> Heard:
        kind = _KINDS.get(alert.msg_type, "error")
        keys: tuple[str, ...] = (alert.identifier,)
        if kind != "request":
            keys = tuple(name.identifier for name in _named(alert.references) if name.sender == alert.sender)
        return Heard(
            kind=kind, name=Name(sender=alert.sender, identifier=alert.identifier, sent=alert.sent),
            keys=keys, status=alert.status, incident=alert.incidents, words=alert.note.strip(),
            person=alert.source,
        )  # fmt: skip

    def receipt(self, heard: Heard, key: str, number: str, now_ns: int) -> bytes:
        codes = handoff_profile().codes
        about = heard.name
        name = f"{number}-receipt" if heard.kind == "request" else f"{number}-receipt-{_short(str(about))}"
        return build(
            CapAlert(
                identifier=name, sender=self._sender, sent=write_time(now_ns), status=heard.status,
                msg_type="Ack", scope="Private", addresses=about.sender,
                code=(codes.profile, codes.received, codes.case + number), references=str(about),
                incidents=heard.incident,
            )
        )  # fmt: skip

    def refusal(self, body: bytes, heard: Heard | None, problem: str, now_ns: int) -> bytes:
        """Unreadable bytes are named by their SHA-256."""
        digest = hashlib.sha256(body).hexdigest()
        about = Reference(sender="unreadable", identifier=f"sha256:{digest}", sent=write_time(now_ns))
        if heard is not None and all(
            name and name.isprintable() and not set(name) & set(" ,<&")
            for name in (heard.name.sender, heard.name.identifier)
        ):
            about = Reference(
                sender=heard.name.sender, identifier=heard.name.identifier, sent=heard.name.sent
            )
        return build(
            CapAlert(
                identifier=f"error-{digest[:16]}-{now_ns}", sender=self._sender, sent=write_time(now_ns),
                status="Exercise", msg_type="Error", scope="Private", addresses="console",
                code=(handoff_profile().codes.profile,), note=problem[:1000], references=str(about),
            )
        )  # fmt: skip

    def say(self, saying: Saying) -> tuple[Name, bytes]:
        """The Ack (opened, accepted, refused, the answer to a Cancel) or Update; references the whole
        thread."""
        codes = handoff_profile().codes
        request = parse(saying.body)
        marks = [code_of(self._kind, saying.said), codes.case + saying.number]
        if saying.unit:
            marks.append(UNIT_CODE + saying.unit)
        if saying.to_agency:
            marks.append(TO_CODE + saying.to_agency)
        note = ": ".join(part for part in (saying.reason, saying.words) if part)
        alert = CapAlert(
            identifier=saying.identifier, sender=self._sender, sent=write_time(saying.at_ns),
            status=request.status, msg_type="Ack" if saying.said in _BY_ACK else "Update", scope="Private",
            addresses=request.sender, code=(codes.profile, *marks), note=note,
            references=" ".join(str(name) for name in saying.earlier), incidents=request.incidents,
            info=() if saying.read_back is None else (self._repeated(request, saying.read_back),),
        )  # fmt: skip
        return Name(sender=alert.sender, identifier=alert.identifier, sent=alert.sent), build(alert)

    def _repeated(self, request: CapAlert, read_back: ReadBack) -> CapInfo:
        """The least that must have arrived unharmed, as an info of its own."""
        first = request.info[0]
        pairs = ((self._kind.priority, read_back.code), (TYPE_CODE, read_back.type))
        at = read_back.position
        return CapInfo(
            language=first.language, category=first.category, event=first.event, urgency=first.urgency,
            severity=first.severity, certainty=first.certainty,
            event_code=tuple(CapPair(value_name=name, value=value) for name, value in pairs if value),
            area=(CapArea(area_desc=read_back.place, circle=(f"{at.lat:.6f},{at.lon:.6f} 0.1",)),),
        )  # fmt: skip

    def understood(self, body: bytes) -> ReadBack:
        info = parse(body).info[0]
        codes = {one.value_name: one.value for one in info.event_code}
        lat, lon = (float(one) for one in info.area[0].circle[0].split(" ")[0].split(","))
        return ReadBack(
            type=codes.get(TYPE_CODE, ""), code=codes.get(self._kind.priority, ""),
            position=Position(lat=lat, lon=lon), place=info.area[0].area_desc,
        )  # fmt: skip

    def is_receipt(self, answer: bytes, identifier: str) -> bool:
        try:
            message = parse(answer)
        except CapError:
            return False
        named = {name.identifier for name in _named(message.references)}
        return message.msg_type == "Ack" and rules.status_of(message) == "received" and identifier in named


def _named(references: str) -> list[Reference]:
    """The references that are any; `rules.check` has refused the others before."""
    found = []
    for text in references.split():
        try:
            found.append(split_reference(text))
        except ValueError:
            continue
    return found


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
