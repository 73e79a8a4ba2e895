"""What is said between the agency and the console, in whichever format the agency's file names.

A tongue reads the console's messages and writes ours. Pure. `tongue_of` is the one door.
"""

from __future__ import annotations

from typing import Literal, Protocol

from console.handoff.kinds import PartnerKind
from console.handoff.signing import Form
from console.model.base import Position, Record
from console.model.ladder import Said

HeardKind = Literal["request", "awareness", "update", "cancel", "error"]


class TongueError(ValueError):
    """A message that is not taken; the text names the element or the path. `heard`: as far as it was read."""

    def __init__(self, problem: str, heard: Heard | None = None) -> None:
        super().__init__(problem)
        self.heard = heard


class Name(Record, frozen=True, kw_only=True):
    """What a message is called: who sent it, its id, and when in the format's own writing."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


class Heard(Record, frozen=True, kw_only=True):
    """A message of the console. `keys` are the cases it may be about, likeliest first."""

    kind: HeardKind
    name: Name
    keys: tuple[str, ...]
    status: str
    incident: str = ""
    words: str = ""
    person: str = ""


class ReadBack(Record, frozen=True, kw_only=True):
    """What we understood: the type's id, the code of our own scale, and the place."""

    type: str
    code: str
    position: Position
    place: str


class Saying(Record, frozen=True, kw_only=True):
    """Something of ours about a case. `about` is the message that asks for it (a request to cancel), and
    `earlier` all messages of the case, the one that opened it first."""

    said: Said
    identifier: str
    at_ns: int
    key: str
    number: str
    body: bytes
    earlier: tuple[Name, ...]
    about: Name | None = None
    reason: str = ""
    words: str = ""
    unit: str = ""
    to_agency: str = ""
    read_back: ReadBack | None = None


class Tongue(Protocol):
    """One format, as one agency speaks it."""

    media_type: str
    form: Form

    def read(self, body: bytes) -> Heard:
        """A message of the console. Raises TongueError."""
        ...

    def receipt(self, heard: Heard, key: str, number: str, now_ns: int) -> bytes:
        """The machine's answer: it is on disk here."""
        ...

    def refusal(self, body: bytes, heard: Heard | None, problem: str, now_ns: int) -> bytes:
        """The answer to a message we do not take."""
        ...

    def say(self, saying: Saying) -> tuple[Name, bytes]:
        """Our own message."""
        ...

    def understood(self, body: bytes) -> ReadBack:
        """What the message that opened a case says of type, code and place."""
        ...

    def is_receipt(self, answer: bytes, identifier: str) -> bool:
        """Whether the console says that our message is on its disk."""
        ...


def tongue_of(kind: PartnerKind, agency: str, sender: str) -> Tongue:
    """The tongue of an agency's file. `sender` is how it calls itself in messages."""
    from console.agency.captongue import CapTongue
    from console.agency.eidotongue import EidoTongue

    if kind.format == "eido":
        return EidoTongue(kind, agency, sender)
    return CapTongue(kind, agency, sender)


def code_of(kind: PartnerKind, said: Said, *, cancel: bool = False) -> str:
    """The first code of the agency's file that means this. Raises KeyError where it has no word for it."""
    answers = kind.cancel_answers if cancel else kind.answers
    for code, meaning in answers.items():
        if meaning == said:
            return code
    raise KeyError(f"{kind.id} has no code for {said}")
