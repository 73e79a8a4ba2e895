"""What the ledger's tests write: the entries of one fall in a park, as a hub would commit them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from console.model import events as ev
from console.model.base import Place, Position, Words
from console.model.handoff import OutboxRow
from console.model.incident import Signal

SECOND_NS = 1_000_000_000
DUSK_NS = 1_774_000_000 * SECOND_NS
PARK = Place(
    name=Words(en="Hyowon Park, east path", ko="효원공원 동쪽 산책로"),
    position=Position(lat=37.2601, lon=127.0305),
    district="paldal",
    address=Words(en="397 Dongsuwon-ro", ko="동수원로 397"),
)
UNDERPASS = Place(
    name=Words(en="Maegyo underpass", ko="매교 지하차도"),
    position=Position(lat=37.2652, lon=127.0157),
    district="gwonseon",
)
OPERATOR = ev.Cause(actor="person:김민준", desk="desk-1")
RULE = ev.Cause(actor="rule:correlate")


def message_for(handoff_id: str) -> bytes:
    """Stands for the bytes of a hand-off message."""
    return f"<alert>{handoff_id}</alert>".encode()


def owed(handoff_id: str, key: str, at_ns: int = DUSK_NS) -> OutboxRow:
    return OutboxRow(
        message_id=handoff_id, handoff_id=handoff_id, key=key, agency="KR-119",
        media_type="application/cap+xml", message=message_for(handoff_id), queued_at_ns=at_ns,
    )


def queued(number: int) -> ev.HandoffQueued:
    return ev.HandoffQueued(
        handoff_id=f"H-{number}", key=f"I-{number}:KR-119:1", incident_id=f"I-{number}", agency="KR-119",
        revision=1, person="김민준",
        message_sha256=hashlib.sha256(message_for(f"H-{number}")).hexdigest(), message_id=f"H-{number}",
    )  # fmt: skip


def fall(number: int = 1, place: Place = PARK) -> list[tuple[ev.Cause, ev.AnyEvent]]:
    """From the detection to the closed case: twelve acts about incident `I-number`."""
    incident_id, handoff_id = f"I-{number}", f"H-{number}"
    signal = Signal(
        uid=f"S-{number}", source="eyes-1", type="fall", at_ns=DUSK_NS, place=place, device_id="CAM-0042",
        confidence=0.91, detail=Words(en="person lying on the path", ko="산책로에 쓰러진 사람"),
    )  # fmt: skip
    return [
        (ev.Cause(actor="gateway:eyes-1"), ev.SignalReceived(signal=signal)),
        (RULE, ev.IncidentOpened(
            incident_id=incident_id, type="fall", priority=1, place=place, signal_uid=signal.uid,
            reason=Words(en="Fall detected", ko="넘어짐 감지"), camera_ids=("CAM-0042", "CAM-0043"),
        )),
        (OPERATOR, ev.IncidentAcknowledged(incident_id=incident_id, person="김민준")),
        (OPERATOR, ev.ViewingStarted(
            desk="desk-1", person="김민준", camera_ids=("CAM-0042",), purpose="incident"
        )),
        (OPERATOR, ev.IncidentNoted(
            incident_id=incident_id, person="김민준", text="의식 없음, 119 요청 (elderly man)"
        )),
        (OPERATOR, queued(number)),
        (ev.Cause(actor="hub"), ev.HandoffSent(handoff_id=handoff_id, attempt=1)),
        (ev.Cause(actor="agency:KR-119"), ev.HandoffReceived(handoff_id=handoff_id, agency_ref="119-7781")),
        (ev.Cause(actor="agency:KR-119"), ev.HandoffAccepted(handoff_id=handoff_id)),
        (ev.Cause(actor="agency:KR-119"), ev.HandoffArrived(
            handoff_id=handoff_id, words=Words(en="Ambulance on scene", ko="구급차 도착")
        )),
        (OPERATOR, ev.IncidentResolved(incident_id=incident_id, person="이서연", outcome="real")),
        (OPERATOR, ev.IncidentClosed(incident_id=incident_id, person="이서연")),
    ]  # fmt: skip


def entries(
    acts: Sequence[tuple[ev.Cause, ev.AnyEvent]], first_seq: int = 1, run: str = "run-1",
    at_ns: int = DUSK_NS, every_s: float = 3.0,
) -> list[ev.Entry]:  # fmt: skip
    """Number the acts and let `every_s` pass between them."""
    return [
        ev.Entry(
            run=run, seq=seq, at_ns=at_ns + int((seq - first_seq) * every_s * SECOND_NS),
            cause=cause, event=event,
        )
        for seq, (cause, event) in enumerate(acts, start=first_seq)
    ]  # fmt: skip


def note(seq: int, text: str = "note", run: str = "run-1", **cause: str) -> ev.Entry:
    """One small entry, for tests that only need some."""
    return ev.Entry(
        run=run, seq=seq, at_ns=DUSK_NS + seq * SECOND_NS,
        cause=ev.Cause(actor="person:김민준", **cause),  # type: ignore[arg-type]
        event=ev.IncidentNoted(incident_id="I-1", person="김민준", text=text),
    )  # fmt: skip
