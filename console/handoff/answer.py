"""What the console's door says back to a partner: a receipt, or an Error that says what was wrong."""

from __future__ import annotations

import hashlib

from console.handoff.cap import CapAlert, Reference, build, reference_to, write_time
from console.handoff.profile import handoff_profile


def receipt(message: CapAlert, sender: str, to: str, now_ns: int) -> bytes:
    """The Ack that says: it is on disk here."""
    return build(
        CapAlert(
            identifier=_identifier("ack", str(reference_to(message)).encode()), sender=sender,
            sent=write_time(now_ns), status=message.status, msg_type="Ack", scope="Private", addresses=to,
            code=(handoff_profile().codes.profile, handoff_profile().codes.received),
            references=str(reference_to(message)), incidents=message.incidents,
        )
    )  # fmt: skip


def refusal(body: bytes, message: CapAlert | None, problem: str, sender: str, to: str, now_ns: int) -> bytes:
    """The Error about `body`. What could not be read is referenced by the SHA-256 of its bytes."""
    about = reference_to(message) if message is not None else None
    if about is None or not _can_be_referenced(about):
        digest = hashlib.sha256(body).hexdigest()
        about = Reference(sender="unreadable", identifier=f"sha256:{digest}", sent=write_time(now_ns))
    return build(
        CapAlert(
            identifier=_identifier("error", body + now_ns.to_bytes(8, "big")), sender=sender,
            sent=write_time(now_ns),
            status=message.status if message is not None else "Exercise", msg_type="Error", scope="Private",
            addresses=to, code=(handoff_profile().codes.profile,), note=problem[:1000], references=str(about),
        )
    )  # fmt: skip


def _identifier(kind: str, of: bytes) -> str:
    return f"{kind}-{hashlib.sha256(of).hexdigest()[:32]}"


def _can_be_referenced(about: Reference) -> bool:
    return all(
        name and name.isprintable() and not set(name) & set(" ,<&")
        for name in (about.sender, about.identifier)
    )
