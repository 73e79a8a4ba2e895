"""One door for all wire formats: which one a partner takes is said by its file, not by the program."""

from __future__ import annotations

from typing import Protocol

from console.handoff import capthread, eido, eidothread
from console.handoff.cap import CapError
from console.handoff.cap import parse as parse_cap
from console.handoff.draft import Draft, PacketError
from console.handoff.kinds import Format, PartnerKind
from console.handoff.signing import Form
from console.model.base import Record
from console.model.ladder import CancelRequest, PartnerThread, Statement, Update


class FormatError(ValueError):
    """A message that cannot be read or said; `where` is the line and element, or the path."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class Heard(Record, frozen=True, kw_only=True):
    """A partner's message as all formats mean it. `sender` is its own word, to be held against the line's."""

    key: str
    sender: str
    status: str
    statement: Statement


class Sending(Record, frozen=True, kw_only=True):
    """Who sends, in which city's time; `status` is Exercise until a site is commissioned."""

    sender: str
    zone: str
    status: eido.Status = "Exercise"


class WireFormat(Protocol):
    """Messages of a thread in one format. Pure. All raise FormatError."""

    media_type: str
    form: Form

    def request(self, draft: Draft, thread: PartnerThread, kind: PartnerKind, by: Sending) -> bytes:
        """The first message. The thread says when it was queued and under which message id."""
        ...

    def cancel(self, cancel: CancelRequest, thread: PartnerThread, by: Sending) -> bytes: ...

    def update(self, update: Update, thread: PartnerThread, by: Sending) -> bytes: ...

    def read(self, data: bytes, kind: PartnerKind, us: str, heard_ns: int) -> Heard:
        """A partner's message about a case that `us` gave it."""
        ...


class CapFormat:
    """CAP 1.2, hand-off profile. A request's message id is its key, as the profile has it."""

    media_type = "application/cap+xml"
    form: Form = "bytes"

    def request(self, draft: Draft, thread: PartnerThread, kind: PartnerKind, by: Sending) -> bytes:
        if thread.message_id != thread.key:
            raise FormatError("identifier", "of a request is the key of its thread")
        try:
            return capthread.request_of(draft, thread, kind, by.sender, thread.queued_ns, by.status)
        except PacketError as error:
            raise FormatError("draft", str(error)) from None

    def cancel(self, cancel: CancelRequest, thread: PartnerThread, by: Sending) -> bytes:
        try:
            return capthread.cancel_of(cancel, thread, by.sender, by.zone, by.status)
        except PacketError as error:
            raise FormatError("cancel", str(error)) from None

    def update(self, update: Update, thread: PartnerThread, by: Sending) -> bytes:
        try:
            return capthread.update_of(update, thread, by.sender, by.zone, by.status)
        except PacketError as error:
            raise FormatError("update", str(error)) from None

    def read(self, data: bytes, kind: PartnerKind, us: str, heard_ns: int) -> Heard:
        try:
            alert = parse_cap(data)
            statement = capthread.statement_of(alert, kind, heard_ns)
        except CapError as error:
            raise FormatError(f"line {error.line}, {error.field}", error.problem) from None
        except capthread.StatementError as error:
            where, _, problem = str(error).partition(": ")
            raise FormatError(where, problem) from None
        key = capthread.key_of(alert, us)
        if not key:
            raise FormatError("references", "names no message of ours")
        return Heard(key=key, sender=alert.sender, status=alert.status, statement=statement)


class EidoFormat:
    """JSON with the verbs of NENA-STA-024."""

    media_type = "application/json"
    form: Form = "json"

    def request(self, draft: Draft, thread: PartnerThread, kind: PartnerKind, by: Sending) -> bytes:
        try:
            return eido.build(
                eidothread.request_of(
                    draft, thread, kind, thread.message_id, by.sender, thread.queued_ns, by.status
                )
            )
        except eido.EidoError as error:
            raise FormatError(error.path, error.problem) from None

    def cancel(self, cancel: CancelRequest, thread: PartnerThread, by: Sending) -> bytes:
        try:
            return eido.build(eidothread.cancel_of(cancel, thread, by.sender, by.status))
        except eido.EidoError as error:
            raise FormatError(error.path, error.problem) from None

    def update(self, update: Update, thread: PartnerThread, by: Sending) -> bytes:
        try:
            return eido.build(eidothread.update_of(update, thread, by.sender, by.status))
        except eido.EidoError as error:
            raise FormatError(error.path, error.problem) from None

    def read(self, data: bytes, kind: PartnerKind, us: str, heard_ns: int) -> Heard:
        try:
            message = eido.parse(data)
            statement = eidothread.statement_of(message, kind, heard_ns)
        except eido.EidoError as error:
            raise FormatError(error.path, error.problem) from None
        if message.receiver != us:
            raise FormatError("$.receiver", f"is {message.receiver}, not {us}")
        return Heard(key=message.key, sender=message.sender, status=message.status, statement=statement)


_FORMATS: dict[Format, WireFormat] = {"cap": CapFormat(), "eido": EidoFormat()}


def format_of(kind: PartnerKind) -> WireFormat:
    """The format that the partner's file names."""
    return _FORMATS[kind.format]
