"""Orders about incidents."""

from __future__ import annotations

from console.model.commands.base import Command


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
