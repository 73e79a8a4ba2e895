"""What a person does about an official warning."""

from __future__ import annotations

from console.model.commands.base import Command


class AcknowledgeWarning(Command, frozen=True, kw_only=True, tag="acknowledge_warning"):
    """Say that an official warning was read."""

    warning_id: str
