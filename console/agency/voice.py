"""What the agency says: receipts, decisions and progress, as messages of the hand-off profile."""

from __future__ import annotations

import hashlib

from console.agency.case import Case, CaseStage
from console.handoff.cap import CapAlert, Reference, build, write_time
from console.handoff.profile import handoff_profile

_SAYS_BY_ACK = ("accepted", "rejected")


def receipt(request: CapAlert, number: str, sender: str, now_ns: int) -> bytes:
    """The Ack of a machine: it is on disk here, as case `number`."""
    codes = handoff_profile().codes
    about = Reference(sender=request.sender, identifier=request.identifier, sent=request.sent)
    return build(
        CapAlert(
            identifier=f"{number}-receipt", sender=sender, sent=write_time(now_ns), status=request.status,
            msg_type="Ack", scope="Private", addresses=request.sender,
            code=(codes.profile, codes.received, codes.case + number), references=str(about),
            incidents=request.incidents,
        )
    )  # fmt: skip


def progress(
    case: Case, stage: CaseStage, note: str, thread: list[tuple[str, str, str]], sender: str, now_ns: int
) -> CapAlert:
    """The Ack (accepted, rejected) or Update (dispatched, on scene, closed) of a case; references the whole
    thread."""
    codes = handoff_profile().codes
    request = case.request()
    return CapAlert(
        identifier=f"{case.number}-{len(thread)}", sender=sender, sent=write_time(now_ns),
        status=request.status,
        msg_type="Ack" if stage in _SAYS_BY_ACK else "Update", scope="Private", addresses=request.sender,
        code=(codes.profile, getattr(codes, stage), codes.case + case.number), note=note,
        references=" ".join(",".join(name) for name in thread), incidents=request.incidents,
    )  # fmt: skip


def error(body: bytes, request: CapAlert | None, problem: str, sender: str, now_ns: int) -> bytes:
    """The Error about a message we do not take; unreadable bytes are named by their SHA-256."""
    digest = hashlib.sha256(body).hexdigest()
    about = Reference(sender="unreadable", identifier=f"sha256:{digest}", sent=write_time(now_ns))
    if request is not None and all(
        name and name.isprintable() and not set(name) & set(" ,<&")
        for name in (request.sender, request.identifier)
    ):
        about = Reference(sender=request.sender, identifier=request.identifier, sent=request.sent)
    return build(
        CapAlert(
            identifier=f"error-{digest[:16]}-{now_ns}", sender=sender, sent=write_time(now_ns),
            status="Exercise",
            msg_type="Error", scope="Private", addresses="console", code=(handoff_profile().codes.profile,),
            note=problem[:1000], references=str(about),
        )
    )  # fmt: skip
