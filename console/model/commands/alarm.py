"""Orders about alarms."""

from __future__ import annotations

from console.model.commands.base import Command


class AcknowledgeAlarm(Command, frozen=True, kw_only=True, tag="acknowledge_alarm"):
    """Say that an alarm was seen."""

    alarm_id: str
