"""Whether a partner's answer over the line is a receipt of what we sent: only then is it received."""

from __future__ import annotations

from typing import Protocol

from console.handoff import eido, rules
from console.handoff.cap import CapError, parse, reference_to
from console.handoff.line import Tried
from console.handoff.partners import PartnerLink
from console.handoff.signing import Form
from console.model.handoff import OutboxRow

BUSY = (429, 502, 503, 504)
QUEUED = 182
"""responseToRequest: it is on the partner's disk."""


class NotOurs(ValueError):
    """A row that is no message of ours; the text says why."""


class Letter(Protocol):
    """A message of ours, and how its receipt is known."""

    @property
    def media_type(self) -> str: ...
    @property
    def form(self) -> Form: ...

    def judge(self, status: int, body: bytes, link: PartnerLink) -> Tried:
        """What the partner's answer to a try means."""
        ...


def letter_of(row: OutboxRow) -> Letter:
    """The message of a row. Raises NotOurs, which is a fault of ours or a damaged disk."""
    try:
        return EidoLetter(row) if row.media_type == "application/json" else CapLetter(row)
    except (CapError, eido.EidoError) as error:
        raise NotOurs(str(error)) from None


class CapLetter:
    media_type = "application/cap+xml"
    form: Form = "bytes"

    def __init__(self, row: OutboxRow) -> None:
        self._about = reference_to(parse(row.message))

    def judge(self, status: int, body: bytes, link: PartnerLink) -> Tried:
        if status in BUSY:
            return Tried(kind="busy", detail=f"HTTP {status}")
        try:
            answer = parse(body)
        except CapError as error:
            return Tried(kind="garbage", detail=f"HTTP {status}, {error}"[:200])
        problems = rules.check_handoff(answer)
        if answer.sender != link.sender:
            problems.append(f"sender: {answer.sender[:60]!r} is not {link.sender}")
        if problems:
            return Tried(kind="garbage", detail=f"HTTP {status}, {problems[0]}"[:200])
        if answer.msg_type == "Error":
            return Tried(kind="refused", detail=answer.note[:200])
        if status != 200 or answer.msg_type != "Ack" or rules.status_of(answer) != "received":
            return Tried(kind="garbage", detail=f"HTTP {status}, {answer.msg_type} is not a receipt")
        if str(self._about) not in answer.references.split():
            return Tried(kind="garbage", detail="the receipt is for another message")
        return Tried(kind="received", agency_ref=rules.case_of(answer))


class EidoLetter:
    media_type = "application/json"
    form: Form = "json"

    def __init__(self, row: OutboxRow) -> None:
        self._message = eido.parse(row.message)

    def judge(self, status: int, body: bytes, link: PartnerLink) -> Tried:
        if status in BUSY:
            return Tried(kind="busy", detail=f"HTTP {status}")
        try:
            answer = eido.parse(body)
        except eido.EidoError as error:
            return Tried(kind="garbage", detail=f"HTTP {status}, {error}"[:200])
        said = answer.response_to_request
        if answer.sender != link.sender:
            return Tried(kind="garbage", detail=f"sender: {answer.sender[:60]!r} is not {link.sender}")
        if said is None:
            return Tried(kind="garbage", detail=f"HTTP {status}, {answer.verb} is not a receipt")
        about = (said.transaction_id, said.in_response_to)
        if about != (self._message.key, self._message.message_id):
            return Tried(kind="garbage", detail="the receipt is for another message")
        if 400 <= status < 500 and said.status_code >= 400:
            return Tried(kind="refused", detail=said.status_text[:200] or f"code {said.status_code}")
        if status != 200 or said.status_code != QUEUED:
            return Tried(kind="garbage", detail=f"HTTP {status}, code {said.status_code} is not a receipt")
        return Tried(kind="received", agency_ref=said.case_number)
