"""What gateways and partners tell the hub. A fact is not decided yet: the hub may refuse or group it."""

from __future__ import annotations

from typing import Literal

from console.model.base import Place, Record, Words
from console.model.citizenreport import ReportTold
from console.model.control import Outcome
from console.model.device import Condition
from console.model.events import Entry
from console.model.gateway import GatewayReport
from console.model.ladder import Statement
from console.model.picturerequest import PictureWish
from console.model.recording import RecorderReport
from console.model.share import AccessLine, PictureForm
from console.model.warning import WarningMessage


class Fact(Record, frozen=True, kw_only=True, tag_field="fact"):
    """Base of all facts. `uid` is the sender's own number: sent again, it is the same fact."""


class SignalSeen(Fact, frozen=True, kw_only=True, tag="signal"):
    """Something happened at a device or at a place (one of the two must be said)."""

    uid: str
    type: str
    at_ns: int
    device_id: str = ""
    place: Place | None = None
    confidence: float = 1.0
    detail: Words | None = None


class ConditionSeen(Fact, frozen=True, kw_only=True, tag="condition"):
    """A device went down, came back, or works badly."""

    uid: str
    device_id: str
    condition: Condition
    at_ns: int
    why: Words


class ControlAnswerSeen(Fact, frozen=True, kw_only=True, tag="control_answer"):
    """What devices answered to an order: their own words, as they are, in `words`."""

    uid: str
    order_id: str
    device_ids: tuple[str, ...]
    outcome: Outcome
    words: Words


class RecorderSaid(Fact, frozen=True, kw_only=True, tag="recorder"):
    """How the recorder that sends it is. Its name is its key's."""

    uid: str
    report: RecorderReport


class GatewaySaid(Fact, frozen=True, kw_only=True, tag="gateway"):
    """How the gateway that sends it is. Its name is its key's."""

    uid: str
    report: GatewayReport


class WarningHeard(Fact, frozen=True, kw_only=True, tag="warning"):
    """A message of an authority, read and found to be one. The hub judges what it means here."""

    uid: str
    message: WarningMessage


class ReportSent(Fact, frozen=True, kw_only=True, tag="citizen_report"):
    """A citizen reported something. `uid` is the token the citizen was given."""

    uid: str
    told: ReportTold


class ShareSeen(Fact, frozen=True, kw_only=True, tag="share_seen"):
    """A line of the access record of the process that serves shares, in their order."""

    uid: str
    line: AccessLine


class ReplayedEntry(Fact, frozen=True, kw_only=True, tag="replayed"):
    """An entry of a recording. Only a hub started to follow a recording takes it."""

    uid: str
    entry: Entry


AnyFact = (
    SignalSeen | ConditionSeen | RecorderSaid | GatewaySaid | WarningHeard | ReportSent | ControlAnswerSeen
    | ReplayedEntry | ShareSeen
)


class FactTaken(Record, frozen=True, kw_only=True):
    """The hub's answer once the fact is on disk (or refused for good); the sender may forget it."""

    uid: str
    problem: str = ""


class DeliveryReport(Record, frozen=True, kw_only=True):
    """What the hand-off courier saw of one of our messages.

    `outcome`: "sent" (bytes left), "received" (the partner confirmed; `agency_ref` is its case number).
    """

    handoff_id: str
    key: str
    message_id: str
    outcome: Literal["sent", "received"]
    attempt: int
    at_ns: int
    agency_ref: str = ""


class PartnerReport(Record, frozen=True, kw_only=True):
    """What the partner itself says about a case, already checked: format, signature, sender, whose case."""

    agency: str
    key: str
    statement: Statement


class PartnerLinkSeen(Record, frozen=True, kw_only=True):
    """The line to a partner changed."""

    agency: str
    up: bool
    at_ns: int
    why: Words


class PartnerMessageBad(Record, frozen=True, kw_only=True):
    """A partner's message that could not be used; `problem` names the field or line."""

    agency: str
    at_ns: int
    problem: str


class PicturesAsked(Record, frozen=True, kw_only=True):
    """A partner asks for pictures; schema, sender and signature are checked, nothing else."""

    agency: str
    at_ns: int
    wish: PictureWish
    certificate_sha256: str = ""


class PicturesGivenBack(Record, frozen=True, kw_only=True):
    """A partner no longer needs what it asked for under this message id."""

    agency: str
    at_ns: int
    message_id: str
    reason: str


class EvidenceAsked(Record, frozen=True, kw_only=True):
    """A partner is about to be given this file of its hand-off: checked that it is its own, was sent, and is
    what the digest says. `from_ns` to `to_ns` are its pictures.
    """

    agency: str
    thread_id: str
    at_ns: int
    name: str
    camera_id: str
    form: PictureForm
    from_ns: int
    to_ns: int
    sha256: str
    size: int
    address: str = ""


CourierReport = (
    DeliveryReport | PartnerReport | PartnerLinkSeen | PartnerMessageBad | PicturesAsked | PicturesGivenBack
    | EvidenceAsked
)
