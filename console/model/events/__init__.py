"""What happened: every kind of entry of the decision lane, past tense.

An event says a fact that has been decided and committed. It carries everything the fold needs, so a
reader with nothing but the log arrives at the same state as the hub. A module for each subject;
the union below names them all.
"""

from __future__ import annotations

from typing import TypeAlias

from console.model.base import Record, Words
from console.model.events.alarm import (
    AlarmAcknowledged,
    AlarmCleared,
    AlarmFloodChanged,
    AlarmMoved,
    AlarmRaised,
)
from console.model.events.areaact import AreaActCancelled, AreaActConfirmed, AreaActProposed
from console.model.events.base import Cause, Event
from console.model.events.casework import (
    CaseOpened,
    ClueGathered,
    IncidentClaimed,
    IncidentEscalated,
    IncidentHeld,
    IncidentHoldEnded,
    IncidentPutUnder,
    IncidentReclassified,
    IncidentRegraded,
    IncidentReleased,
    IncidentResponding,
    IncidentsMerged,
    IncidentSplit,
    IncidentTakenOver,
    IncidentVerified,
)
from console.model.events.control import (
    ControlAnswered,
    ControlAnsweredLate,
    ControlCancelled,
    ControlConfirmed,
    ControlHadNoEffect,
    ControlOrdered,
    ControlSent,
    ControlTimedOut,
    ControlTookEffect,
    ControlWayChanged,
)
from console.model.events.fieldstate import FieldStateChanged
from console.model.events.footage import (
    FootageExportFinished,
    FootageExportStarted,
    FootageLocked,
    FootageUnlocked,
    FootageViewed,
    RecorderChanged,
)
from console.model.events.gateway import GatewayChanged
from console.model.events.handoff import (
    HandoffAccepted,
    HandoffArrived,
    HandoffClosed,
    HandoffDispatched,
    HandoffQueued,
    HandoffReceived,
    HandoffRejected,
    HandoffSent,
    HandoffStalled,
    PartnerLinkChanged,
    PartnerMessageRefused,
)
from console.model.events.incident import (
    IncidentAcknowledged,
    IncidentClosed,
    IncidentExtended,
    IncidentNoted,
    IncidentOpened,
    IncidentResolved,
)
from console.model.events.ladder import (
    HandoffCalled,
    HandoffCancelAsked,
    HandoffConfirmed,
    HandoffDrafted,
    HandoffEdited,
    HandoffEvidenceAdded,
    HandoffExpired,
    HandoffFlagged,
    HandoffFlagsSeen,
    HandoffGivenUp,
    HandoffRerouted,
    HandoffSaid,
    HandoffTold,
    HandoffUpdateQueued,
)
from console.model.events.looking import LogExported, LogRead, ViewingEnded, ViewingStarted
from console.model.events.message import (
    MessageApprovalFailed,
    MessageApproved,
    MessageDiscarded,
    MessageDrafted,
    MessageLapsed,
    MessageReceived,
    MessageSent,
    MessageStalled,
    OutletChanged,
)
from console.model.events.procedure import ProcedureMoved, ProcedureNoticed
from console.model.events.provision import EvidenceProvided
from console.model.events.report import (
    ReportContactRead,
    ReportMatched,
    ReportReceived,
    ReportStatusChanged,
)
from console.model.events.room import (
    DeskConnected,
    DeskLeft,
    DeviceConditionChanged,
    HubStarted,
    SignalReceived,
)
from console.model.events.share import (
    RequestCamerasChanged,
    RequestReceived,
    RequestRefused,
    RequestWithdrawn,
    ShareAccessed,
    ShareChanged,
    ShareEnded,
    ShareGranted,
    ShareRevoked,
)
from console.model.events.sketch import SketchRemoved, SketchShared
from console.model.events.upkeep import DevicesRemoved, DevicesReturned, TicketChanged, TicketOpened
from console.model.events.wall import CityModeChanged, LayoutDeleted, LayoutSaved, MasksLifted, MasksSet
from console.model.events.warning import (
    WarningAcknowledged,
    WarningEnded,
    WarningIssued,
    WarningSetAside,
    WarningUpdated,
)

AnyEvent: TypeAlias = (
    HubStarted | DeskConnected | DeskLeft | SignalReceived | DeviceConditionChanged
    | AlarmRaised | AlarmCleared | AlarmAcknowledged | AlarmMoved | AlarmFloodChanged
    | IncidentOpened | IncidentExtended | IncidentAcknowledged | IncidentNoted
    | IncidentResolved | IncidentClosed
    | CaseOpened | ClueGathered | IncidentClaimed | IncidentTakenOver | IncidentReleased | IncidentVerified
    | IncidentResponding | IncidentHeld | IncidentHoldEnded | IncidentRegraded | IncidentReclassified
    | IncidentEscalated | IncidentsMerged | IncidentSplit | IncidentPutUnder
    | HandoffQueued | HandoffSent | HandoffReceived | HandoffAccepted | HandoffRejected | HandoffDispatched
    | HandoffArrived | HandoffClosed | HandoffStalled | PartnerMessageRefused | PartnerLinkChanged
    | HandoffDrafted | HandoffEdited | HandoffEvidenceAdded | HandoffSaid | HandoffCancelAsked
    | HandoffUpdateQueued | HandoffConfirmed | HandoffCalled | HandoffRerouted | HandoffGivenUp
    | HandoffExpired | HandoffFlagged | HandoffFlagsSeen | HandoffTold
    | ViewingStarted | ViewingEnded | LogRead | LogExported
    | FootageViewed | FootageLocked | FootageUnlocked | FootageExportStarted | FootageExportFinished
    | RecorderChanged
    | GatewayChanged
    | FieldStateChanged
    | LayoutSaved | LayoutDeleted | CityModeChanged | MasksSet | MasksLifted
    | SketchShared | SketchRemoved
    | TicketOpened | TicketChanged | DevicesRemoved | DevicesReturned
    | WarningIssued | WarningUpdated | WarningEnded | WarningSetAside | WarningAcknowledged
    | ProcedureMoved | ProcedureNoticed
    | ReportReceived | ReportMatched | ReportStatusChanged | ReportContactRead
    | RequestReceived | RequestRefused | RequestCamerasChanged | RequestWithdrawn
    | ShareGranted | ShareChanged | ShareRevoked | ShareEnded | ShareAccessed | EvidenceProvided
    | ControlOrdered | ControlConfirmed | ControlSent | ControlAnswered | ControlAnsweredLate
    | ControlTimedOut | ControlCancelled | ControlTookEffect | ControlHadNoEffect | ControlWayChanged
    | MessageDrafted | MessageDiscarded | MessageApproved | MessageApprovalFailed | MessageSent
    | MessageReceived | MessageStalled | MessageLapsed | OutletChanged
    | AreaActProposed | AreaActConfirmed | AreaActCancelled
)


class Entry(Record, frozen=True, kw_only=True):
    """One committed fact. `run` changes when the hub starts a new log; `seq` has no gaps within it."""

    run: str
    seq: int
    at_ns: int
    cause: Cause
    event: AnyEvent


def kind_of(event: Event) -> str:
    """The event's tag, for topics and the ledger."""
    return str(type(event).__struct_config__.tag)


def topic_of(kind: str) -> bytes:
    """The decision-lane topic of a tag; it ends in "/": no topic is the beginning of another by accident."""
    return b"d/" + kind.replace(".", "/").encode() + b"/"


OPENED = (IncidentOpened, CaseOpened)
"""An incident begins; the first is of logs of before. Both say type, priority, place and cameras."""
GATHERED = (IncidentExtended, ClueGathered)
"""Something further belongs to an incident; the first is of logs of before."""
Opening: TypeAlias = IncidentOpened | CaseOpened
Gathering: TypeAlias = IncidentExtended | ClueGathered


def said_by(event: Opening | Gathering) -> tuple[Words, ...]:
    """What the source says and why it is an incident, or in one, in words."""
    if not isinstance(event, CaseOpened | ClueGathered):
        return (event.reason,)
    return event.reasons if event.says is None else (event.says, *event.reasons)


EVENT_KINDS: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in AnyEvent.__args__
}
