"""What a person asks the hub to do, imperative, and the two possible answers."""

from __future__ import annotations

from console.model.base import Record, Words
from console.model.device import Condition
from console.model.footage import ExportCopy, ExportForm, ExportOutcome, MaskZone
from console.model.layout import WallLayout


class Command(Record, frozen=True, kw_only=True, tag_field="do"):
    """Base of all commands; the tag is `verb_noun`."""


class AcknowledgeIncident(Command, frozen=True, kw_only=True, tag="acknowledge_incident"):
    """Take an incident on; its alarms are acknowledged with it."""

    incident_id: str


class AddNote(Command, frozen=True, kw_only=True, tag="add_note"):
    """Write something into an incident."""

    incident_id: str
    text: str


class ResolveIncident(Command, frozen=True, kw_only=True, tag="resolve_incident"):
    """Say that it is over: `outcome` is real, false or test."""

    incident_id: str
    outcome: str


class CloseIncident(Command, frozen=True, kw_only=True, tag="close_incident"):
    """Close a resolved incident."""

    incident_id: str


class OpenIncident(Command, frozen=True, kw_only=True, tag="open_incident"):
    """A person saw or was told something no sensor reported. `camera_id` says where, by what was seen."""

    type: str
    camera_id: str
    text: str


class HandOffIncident(Command, frozen=True, kw_only=True, tag="hand_off_incident"):
    """Give the incident to an agency of the profile ("KR-112", "KR-119"). `text`: the person's own words."""

    incident_id: str
    agency: str
    text: str = ""


class AcknowledgeAlarm(Command, frozen=True, kw_only=True, tag="acknowledge_alarm"):
    """Say that an alarm was seen."""

    alarm_id: str


class StartViewing(Command, frozen=True, kw_only=True, tag="start_viewing"):
    """Log the view; the picture may be shown once this is accepted."""

    camera_ids: tuple[str, ...]
    purpose: str


class StopViewing(Command, frozen=True, kw_only=True, tag="stop_viewing"):
    """Log the end of a view."""

    camera_ids: tuple[str, ...]


class ReportCamera(Command, frozen=True, kw_only=True, tag="report_camera"):
    """The desk's own decoder found the picture frozen, black, or good again."""

    camera_id: str
    condition: Condition
    why: Words


class LogExport(Command, frozen=True, kw_only=True, tag="log_export"):
    """Log that a part of the record leaves the console; the file may be written once this is accepted."""

    what: str
    format: str
    reason: str


class ViewFootage(Command, frozen=True, kw_only=True, tag="view_footage"):
    """Log that recorded pictures are looked at; they may be shown once this is accepted."""

    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    purpose: str


class LockFootage(Command, frozen=True, kw_only=True, tag="lock_footage"):
    """Keep this footage whatever its age. The lock's id is the request's."""

    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    reason: str


class UnlockFootage(Command, frozen=True, kw_only=True, tag="unlock_footage"):
    """Take a lock away, a person's or an incident's ("incident:ID"). Needs a supervisor's desk."""

    lock_id: str
    reason: str


class ExportFootage(Command, frozen=True, kw_only=True, tag="export_footage"):
    """Log that pictures leave the console; files may be written once this is accepted.

    The original pictures need a `legal_basis`; masked copies do not.
    """

    export_id: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    form: ExportForm
    copies: tuple[ExportCopy, ...]
    reason: str
    legal_basis: str = ""


class FinishExport(Command, frozen=True, kw_only=True, tag="finish_export"):
    """Say how an export ended."""

    export_id: str
    outcome: ExportOutcome
    manifest_sha256: str = ""
    files: int = 0
    bytes: int = 0


class SaveLayout(Command, frozen=True, kw_only=True, tag="save_layout"):
    """Make or change a wall layout for all desks."""

    layout: WallLayout


class DeleteLayout(Command, frozen=True, kw_only=True, tag="delete_layout"):
    """Take a wall layout away."""

    layout_id: str


class SetCityMode(Command, frozen=True, kw_only=True, tag="set_city_mode"):
    """Put the city into a mode of its profile (night, flood, festival); empty is the normal one."""

    mode: str


class SetMasks(Command, frozen=True, kw_only=True, tag="set_masks"):
    """Hide these parts of a camera's picture. Taking one away or changing one needs a supervisor's desk."""

    camera_id: str
    zones: tuple[MaskZone, ...]
    reason: str


class LiftMasks(Command, frozen=True, kw_only=True, tag="lift_masks"):
    """See a camera without masks on this desk for `for_s` (0: hide again). Needs a supervisor's desk."""

    camera_id: str
    for_s: int
    reason: str


AnyCommand = (
    AcknowledgeIncident | AddNote | ResolveIncident | CloseIncident | OpenIncident | HandOffIncident
    | AcknowledgeAlarm | StartViewing | StopViewing | ReportCamera | LogExport
    | ViewFootage | LockFootage | UnlockFootage | ExportFootage | FinishExport
    | SaveLayout | DeleteLayout | SetCityMode | SetMasks | LiftMasks
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
