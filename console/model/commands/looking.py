"""Before a picture shows or a part of the record leaves: the order that puts it into the log."""

from __future__ import annotations

from console.model.base import Words
from console.model.commands.base import Command
from console.model.device import Condition


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
