"""What a person asks the hub to do, imperative, and the two possible answers. A module for each subject."""

from __future__ import annotations

from console.model.base import Record, Words
from console.model.commands.alarm import (
    AcknowledgeAlarm,
    AcknowledgeAlarms,
    RemoveAlarms,
    ResetAlarms,
    ReturnAlarms,
    ShelveAlarms,
    UnshelveAlarms,
)
from console.model.commands.areaact import CancelArea, ConfirmArea, OrderArea, TakeBackArea
from console.model.commands.base import Command
from console.model.commands.casework import (
    ClaimIncident,
    EndHold,
    HoldIncident,
    MergeIncidents,
    OpenCase,
    PutIncidentUnder,
    ReclassifyIncident,
    RegradeIncident,
    ReleaseIncident,
    RespondIncident,
    SplitIncident,
    TakeOverIncident,
    VerifyIncident,
)
from console.model.commands.control import CancelControl, ConfirmControl, OrderControl
from console.model.commands.footage import (
    ExportFootage,
    FinishExport,
    LockFootage,
    UnlockFootage,
    ViewFootage,
)
from console.model.commands.incident import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    HandOffIncident,
    OpenIncident,
    ResolveIncident,
)
from console.model.commands.ladder import (
    CancelHandoff,
    DraftHandoff,
    EditDraft,
    GiveUpHandoff,
    RecordCall,
    RerouteHandoff,
    SeeFlags,
    SendDraft,
    TransferHandoff,
    UpdateHandoff,
)
from console.model.commands.looking import LogExport, ReportCamera, StartViewing, StopViewing
from console.model.commands.message import ApproveMessage, DiscardMessage, DraftMessage
from console.model.commands.procedure import AnswerStep, SeeProcedureNotices, SkipStep, StartProcedure
from console.model.commands.report import AnswerReport, LinkReport, OpenReportIncident
from console.model.commands.share import (
    ApproveRequest,
    ChangeRequestCameras,
    ChangeShareCameras,
    OfferShare,
    RefuseRequest,
    RevokeShare,
)
from console.model.commands.sketch import RemoveSketch, ShareSketch
from console.model.commands.upkeep import ChangeTicket, OpenTicket, RemoveDevices, ReturnDevices
from console.model.commands.wall import DeleteLayout, LiftMasks, SaveLayout, SetCityMode, SetMasks
from console.model.commands.warning import AcknowledgeWarning

AnyCommand = (
    AcknowledgeIncident | AddNote | ResolveIncident | CloseIncident | OpenIncident | HandOffIncident
    | OpenCase | ClaimIncident | TakeOverIncident | ReleaseIncident | VerifyIncident | RespondIncident
    | HoldIncident | EndHold | RegradeIncident | ReclassifyIncident
    | MergeIncidents | SplitIncident | PutIncidentUnder
    | AcknowledgeAlarm | AcknowledgeAlarms | ResetAlarms | ShelveAlarms | UnshelveAlarms | RemoveAlarms
    | ReturnAlarms | StartViewing | StopViewing | ReportCamera | LogExport
    | ViewFootage | LockFootage | UnlockFootage | ExportFootage | FinishExport
    | SaveLayout | DeleteLayout | SetCityMode | SetMasks | LiftMasks
    | ShareSketch | RemoveSketch
    | OpenTicket | ChangeTicket | RemoveDevices | ReturnDevices
    | AcknowledgeWarning
    | AnswerStep | SkipStep | SeeProcedureNotices | StartProcedure
    | AnswerReport | LinkReport | OpenReportIncident
    | OfferShare | ApproveRequest | RefuseRequest | ChangeRequestCameras | ChangeShareCameras | RevokeShare
    | OrderControl | ConfirmControl | CancelControl
    | DraftMessage | DiscardMessage | ApproveMessage
    | OrderArea | TakeBackArea | ConfirmArea | CancelArea
    | DraftHandoff | EditDraft | SendDraft | UpdateHandoff | CancelHandoff | TransferHandoff | RerouteHandoff
    | RecordCall | SeeFlags | GiveUpHandoff
)


class Request(Record, frozen=True, kw_only=True):
    """A command on its way. The same `id` asked twice is done once and answered alike."""

    id: str
    desk: str
    person: str
    sent_ns: int
    command: AnyCommand


class Accepted(Record, frozen=True, kw_only=True, tag_field="answer", tag="accepted"):
    """Done and on disk; `seq` is the last entry it made (0 where it asked for what already was so)."""

    id: str
    seq: int


class Refused(Record, frozen=True, kw_only=True, tag_field="answer", tag="refused"):
    """Not done. `code` is stable for programs, `reason` for people: what happened, what to do."""

    id: str
    code: str
    reason: Words


Answer = Accepted | Refused


def name_of(command: Command) -> str:
    """The command's tag."""
    return str(type(command).__struct_config__.tag)


COMMAND_NAMES: dict[str, type[Command]] = {
    str(command.__struct_config__.tag): command for command in AnyCommand.__args__
}
