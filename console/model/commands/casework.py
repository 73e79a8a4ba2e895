"""Orders about the work on incidents. Taking on, notes, resolving and closing are `commands.incident`'s."""

from __future__ import annotations

from console.model.base import Place
from console.model.casework import OpenedFrom, Verdict
from console.model.commands.base import Command


class OpenCase(Command, frozen=True, kw_only=True, tag="open_case"):
    """Open an incident by hand: at a place of the map, by a camera, from a call or by a word typed.

    Exactly one of `place` and `device_id` says where. What a caller wants kept confidential is not said here.
    """

    type: str
    opened_from: OpenedFrom
    place: Place | None = None
    device_id: str = ""
    text: str = ""


class ClaimIncident(Command, frozen=True, kw_only=True, tag="claim_incident"):
    """I look at it."""

    incident_id: str


class TakeOverIncident(Command, frozen=True, kw_only=True, tag="take_over_incident"):
    """Take it from whoever has it; a reason is needed where the other has worked on it."""

    incident_id: str
    reason: str = ""


class ReleaseIncident(Command, frozen=True, kw_only=True, tag="release_incident"):
    """Give it back."""

    incident_id: str


class VerifyIncident(Command, frozen=True, kw_only=True, tag="verify_incident"):
    """Say what it is: real, false or test."""

    incident_id: str
    verdict: Verdict


class RespondIncident(Command, frozen=True, kw_only=True, tag="respond_incident"):
    """Say that somebody is on the way; `by` is who."""

    incident_id: str
    by: str


class HoldIncident(Command, frozen=True, kw_only=True, tag="hold_incident"):
    """Let it rest for a time."""

    incident_id: str
    reason: str
    for_s: float


class EndHold(Command, frozen=True, kw_only=True, tag="end_hold"):
    """Go on with it."""

    incident_id: str


class RegradeIncident(Command, frozen=True, kw_only=True, tag="regrade_incident"):
    """Say that it is more or less urgent, by a grade of the country."""

    incident_id: str
    grade: str
    reason: str


class ReclassifyIncident(Command, frozen=True, kw_only=True, tag="reclassify_incident"):
    """Say that it is of another type of the profile."""

    incident_id: str
    type: str
    reason: str


class MergeIncidents(Command, frozen=True, kw_only=True, tag="merge_incidents"):
    """Two are one: `kept_id` goes on."""

    kept_id: str
    other_id: str
    reason: str


class SplitIncident(Command, frozen=True, kw_only=True, tag="split_incident"):
    """These clues are another incident."""

    incident_id: str
    uids: tuple[str, ...]
    reason: str


class PutIncidentUnder(Command, frozen=True, kw_only=True, tag="put_incident_under"):
    """It is part of a larger one; `parent` empty: no longer."""

    incident_id: str
    parent: str
