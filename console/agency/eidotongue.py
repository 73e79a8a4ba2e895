"""JSON with the verbs of NENA-STA-024, as a partner speaks it."""

from __future__ import annotations

import hashlib

import msgspec

from console.agency.tongue import Heard, HeardKind, Name, ReadBack, Saying, TongueError, code_of
from console.handoff import eido
from console.handoff.kinds import PartnerKind
from console.handoff.signing import Form
from console.model.base import Position

_KINDS: dict[str, HeardKind] = {
    "requestForService": "request", "requestAwareness": "awareness", "cancelRequest": "cancel",
    "notification": "update", "responseToRequest": "error",
}  # fmt: skip
_QUEUED, _WRONG = 182, 400
_BY_RESPONSE = frozenset(
    {"opened", "accepted", "refused", "transferred", "cancel_accepted", "cancel_refused"}
)
_DECLINED = "603"


class EidoTongue:
    """One agency's. The key of a case is its transaction id."""

    media_type = "application/json"
    form: Form = "json"

    def __init__(self, kind: PartnerKind, agency: str, sender: str) -> None:
        self._kind = kind
        self._agency = agency
        self._sender = sender

    def read(self, body: bytes) -> Heard:
        try:
            message = eido.parse(body)
        except eido.EidoError as error:
            raise TongueError(str(error)) from None
        heard = _heard(message)
        if message.receiver != self._agency:
            raise TongueError(f"$.receiver: {message.receiver[:60]!r} is not {self._agency}", heard)
        return heard

    def receipt(self, heard: Heard, key: str, number: str, now_ns: int) -> bytes:
        return self._response(heard, key, _QUEUED, "", number, now_ns, f"{heard.name.identifier}-receipt")

    def refusal(self, body: bytes, heard: Heard | None, problem: str, now_ns: int) -> bytes:
        """Unreadable bytes are named by their SHA-256."""
        digest = hashlib.sha256(body).hexdigest()
        if heard is None or not heard.keys:
            name = Name(sender="console", identifier=f"sha256:{digest}", sent="")
            heard = Heard(kind="request", name=name, keys=(f"sha256:{digest}",), status="Exercise")
        return self._response(
            heard, heard.keys[0], _WRONG, problem[:1000], "", now_ns, f"error-{digest[:16]}-{now_ns}"
        )

    def _response(
        self, heard: Heard, key: str, code: int, text: str, number: str, now_ns: int, identifier: str
    ) -> bytes:
        response = eido.ResponseToRequest(
            transaction_id=key, in_response_to=heard.name.identifier,
            request_type="cancelRequest" if heard.kind == "cancel" else "requestForService",
            status_code=code, status_text=text, case_number=number,
        )  # fmt: skip
        return eido.build(
            eido.EidoMessage(
                profile=eido.PROFILE, message_id=identifier[:256], sender=self._sender,
                receiver=heard.name.sender, sent=eido.write_time(now_ns), status=_status(heard.status),
                response_to_request=response,
            )
        )  # fmt: skip

    def say(self, saying: Saying) -> tuple[Name, bytes]:
        """responseToRequest for decisions, a notification for what happens afterwards."""
        request = eido.parse(saying.body)
        sent = eido.write_time(saying.at_ns)
        message = eido.EidoMessage(
            profile=eido.PROFILE, message_id=saying.identifier, sender=self._sender, receiver=request.sender,
            sent=sent, status=request.status, response_to_request=self._answer(saying),
            notification=None if self._answers(saying) else self._notification(saying),
        )  # fmt: skip
        name = Name(sender=self._sender, identifier=saying.identifier, sent=sent)
        return name, eido.build(message)

    def _answers(self, saying: Saying) -> bool:
        """A read-back has its place in a response only, so a note that reads back repeats how it stands."""
        return saying.said in _BY_RESPONSE or saying.read_back is not None

    def _answer(self, saying: Saying) -> eido.ResponseToRequest | None:
        if not self._answers(saying):
            return None
        cancel = saying.said in ("cancel_accepted", "cancel_refused")
        said = "opened" if saying.said == "note" else saying.said
        if said == "refused":
            code = self._refusing(saying.reason)
        elif said == "cancel_refused" and _DECLINED in self._kind.cancel_answers:
            code = _DECLINED
        else:
            code = code_of(self._kind, said, cancel=cancel)
        back = saying.read_back
        return eido.ResponseToRequest(
            transaction_id=saying.key,
            in_response_to=(saying.about or saying.earlier[0]).identifier,
            request_type="cancelRequest" if cancel else "requestForService", status_code=int(code),
            status_text=saying.words, case_number=saying.number, redirect_to=saying.to_agency,
            unit=saying.unit,
            read_back=None if back is None else eido.ReadBack(
                type=back.type, code=back.code, latitude=back.position.lat, longitude=back.position.lon,
                place=back.place,
            ),
        )  # fmt: skip

    def _refusing(self, reason: str) -> str:
        """The code whose reason this is; a plain "declined" where the file has none for it."""
        for code, meaning in self._kind.reasons.items():
            if meaning == reason:
                return code
        return _DECLINED

    def _notification(self, saying: Saying) -> eido.Notification:
        return eido.Notification(
            transaction_id=saying.key,
            incident_status=msgspec.convert(code_of(self._kind, saying.said), eido.IncidentStatus),
            text=saying.words, unit=saying.unit, case_number=saying.number,
        )  # fmt: skip

    def understood(self, body: bytes) -> ReadBack:
        incident = incident_of(eido.parse(body))
        at = incident.location
        return ReadBack(
            type=incident.type, code=incident.priority.value,
            position=Position(lat=at.latitude, lon=at.longitude), place=at.name.en,
        )  # fmt: skip

    def is_receipt(self, answer: bytes, identifier: str) -> bool:
        try:
            response = eido.parse(answer).response_to_request
        except eido.EidoError:
            return False
        return (
            response is not None
            and response.status_code == _QUEUED
            and response.in_response_to == identifier
        )


def incident_of(message: eido.EidoMessage) -> eido.Incident:
    """What a request holds. Raises TongueError for a message that holds none."""
    request = message.request_for_service or message.request_awareness
    if request is None:
        raise TongueError(f"$: {message.verb} holds no incident")
    return request.incident


def _heard(message: eido.EidoMessage) -> Heard:
    request = message.request_for_service or message.request_awareness
    note, cancel, answer = message.notification, message.cancel_request, message.response_to_request
    words, person = "", ""
    if note is not None:
        words, person = note.text, note.person
    elif cancel is not None:
        words, person = cancel.reason, cancel.person
    elif answer is not None:
        words = answer.status_text
    elif request is not None:
        person = request.incident.person
    return Heard(
        kind=_KINDS[message.verb], keys=(message.key,), status=message.status, words=words, person=person,
        name=Name(sender=message.sender, identifier=message.message_id, sent=message.sent),
        incident=request.incident.tracking if request is not None else "",
    )  # fmt: skip


def _status(text: str) -> eido.Status:
    return "Actual" if text == "Actual" else "Test" if text == "Test" else "Exercise"
