"""What a person asks the hub to do, imperative, and the two possible answers."""

from __future__ import annotations

from console.model.base import Record, Words
from console.model.device import Condition


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


AnyCommand = (
    AcknowledgeIncident | AddNote | ResolveIncident | CloseIncident | OpenIncident | HandOffIncident
    | AcknowledgeAlarm | StartViewing | StopViewing | ReportCamera | LogExport
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
