"""A partner's message at our door, in either format: opened, and answered in the same one.

`open` is strict about the format and about who speaks to whom; whose case it is, and whether it was there
before, is the door's to judge.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from msgspec.structs import replace

from console.handoff import answer, eido, rules
from console.handoff.cap import CapAlert, CapError, parse, reference_to, split_reference
from console.handoff.capthread import StatementError, statement_of
from console.handoff.formats import EidoFormat, FormatError
from console.handoff.kinds import PartnerKind
from console.handoff.partners import PartnerLink
from console.handoff.profile import handoff_profile
from console.handoff.receipts import QUEUED
from console.model.base import Record, Words
from console.model.ladder import Statement

_REFUSED_CODE = 400
_WORDS_CHARS = 2000
_NAME_CHARS = 120


class Refused(Exception):
    """A message the door does not take: the HTTP status and the problem that the partner reads."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem


class Opened(Record, frozen=True, kw_only=True):
    """A message of a partner, read. `keys` are the cases of ours it may be about; `complaint` is what it says
    against a message of ours, and then there is no statement."""

    name: str
    keys: tuple[str, ...]
    statement: Statement | None = None
    complaint: str = ""


class DoorFormat(Protocol):
    """One message: made for each."""

    media_type: str

    def open(self, body: bytes, link: PartnerLink, kind: PartnerKind, us: str, now_ns: int) -> Opened:
        """Raises Refused."""
        ...

    def receipt(self, us: str, link: PartnerLink, now_ns: int) -> bytes:
        """It is on our disk. After `open`."""
        ...

    def refusal(self, body: bytes, problem: str, us: str, link: PartnerLink, now_ns: int) -> bytes:
        """What was wrong, also about what could not be read."""
        ...


def door_format(kind: PartnerKind) -> DoorFormat:
    """How messages of this sort of partner are read."""
    return EidoDoor() if kind.format == "eido" else CapDoor()


class CapDoor:
    media_type = "application/cap+xml"

    def __init__(self) -> None:
        self._alert: CapAlert | None = None

    def open(self, body: bytes, link: PartnerLink, kind: PartnerKind, us: str, now_ns: int) -> Opened:
        try:
            alert = self._alert = parse(body)
        except CapError as error:
            raise Refused(400, str(error)) from None
        codes = handoff_profile().codes
        problems = rules.check(alert)
        if codes.profile not in alert.code:
            problems.append(f"code: {codes.profile} is missing, so this is no message of the profile")
        if alert.scope != "Private":
            problems.append(f"scope: {alert.scope}; a hand-off is Private")
        if problems:
            raise Refused(400, "; ".join(problems[:5]))
        if alert.sender != link.sender:
            raise Refused(
                403, f"sender: {alert.sender[:60]!r} is not {link.sender}, whom the certificate names"
            )
        if alert.addresses.split() != [us]:
            raise Refused(400, f"addresses: {alert.addresses[:60]!r} is not {us}")
        name = str(reference_to(alert))
        references = map(split_reference, alert.references.split())
        keys = tuple(dict.fromkeys(one.identifier for one in references if one.sender == us))
        if alert.msg_type == "Error":
            return Opened(name=name, keys=keys, complaint=alert.note)
        try:
            return Opened(name=name, keys=keys, statement=_short(statement_of(alert, kind, now_ns)))
        except StatementError as error:
            raise Refused(400, str(error)) from None

    def receipt(self, us: str, link: PartnerLink, now_ns: int) -> bytes:
        assert self._alert is not None
        return answer.receipt(self._alert, us, link.sender, now_ns)

    def refusal(self, body: bytes, problem: str, us: str, link: PartnerLink, now_ns: int) -> bytes:
        return answer.refusal(body, self._alert, problem, us, link.sender, now_ns)


class EidoDoor:
    media_type = "application/json"

    def __init__(self) -> None:
        self._message: eido.EidoMessage | None = None

    def open(self, body: bytes, link: PartnerLink, kind: PartnerKind, us: str, now_ns: int) -> Opened:
        try:
            message = self._message = eido.parse(body)
        except eido.EidoError as error:
            raise Refused(400, str(error)) from None
        if message.sender != link.sender:
            raise Refused(
                403, f"$.sender: {message.sender[:60]!r} is not {link.sender}, whom the certificate names"
            )
        try:
            heard = EidoFormat().read(body, kind, us, now_ns)
        except FormatError as error:
            raise Refused(400, str(error)) from None
        return Opened(name=message.message_id, keys=(heard.key,), statement=_short(heard.statement))

    def receipt(self, us: str, link: PartnerLink, now_ns: int) -> bytes:
        assert self._message is not None
        return self._response(self._message, us, link, now_ns, QUEUED, "")

    def refusal(self, body: bytes, problem: str, us: str, link: PartnerLink, now_ns: int) -> bytes:
        message = self._message
        if message is None:
            digest = hashlib.sha256(body).hexdigest()[:40]
            message = eido.EidoMessage(
                profile=eido.PROFILE, message_id=f"unreadable-{digest}", sender=link.sender, receiver=us,
                sent=eido.write_time(now_ns), status="Exercise",
                notification=eido.Notification(
                    transaction_id=f"unreadable-{digest}", incident_status="note"
                ),
            )  # fmt: skip
        return self._response(message, us, link, now_ns, _REFUSED_CODE, problem[:1000])

    def _response(
        self, message: eido.EidoMessage, us: str, link: PartnerLink, now_ns: int, code: int, text: str
    ) -> bytes:
        told = eido.EidoMessage(
            profile=eido.PROFILE, message_id=_named(message.message_id, code), sender=us,
            receiver=link.sender, sent=eido.write_time(now_ns), status=message.status,
            response_to_request=eido.ResponseToRequest(
                transaction_id=message.key, in_response_to=message.message_id,
                request_type="requestForService", status_code=code, status_text=text,
            ),
        )  # fmt: skip
        return eido.build(told)


def _short(statement: Statement) -> Statement:
    """As much of it as the record keeps; what is cut ends with "…"."""
    words = statement.words
    if words is not None and max(len(words.en), len(words.ko)) > _WORDS_CHARS:
        words = Words(en=_cut(words.en, _WORDS_CHARS), ko=_cut(words.ko, _WORDS_CHARS))
    back = statement.read_back
    if back is not None:
        back = replace(back, place=_cut(back.place, _NAME_CHARS), type=_cut(back.type, _NAME_CHARS),
                       code=_cut(back.code, _NAME_CHARS))  # fmt: skip
    return replace(
        statement, words=words, read_back=back, unit=_cut(statement.unit, _NAME_CHARS),
        case_ref=_cut(statement.case_ref, _NAME_CHARS), to_agency=_cut(statement.to_agency, _NAME_CHARS),
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _named(message_id: str, code: int) -> str:
    what = "receipt" if code == QUEUED else "error"
    return f"{what}-{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"
