"""Orders about alarms: all of what is asked is done, or nothing, with the reason."""

from __future__ import annotations

from console.model.commands.base import Command


class AcknowledgeAlarm(Command, frozen=True, kw_only=True, tag="acknowledge_alarm"):
    """Say that an alarm was seen."""

    alarm_id: str


class AcknowledgeAlarms(Command, frozen=True, kw_only=True, tag="acknowledge_alarms"):
    """Say that these were seen. One that was seen already is no mistake: two persons may press at once."""

    alarm_ids: tuple[str, ...]


class ResetAlarms(Command, frozen=True, kw_only=True, tag="reset_alarms"):
    """End alarms that latch, after they are over and acknowledged."""

    alarm_ids: tuple[str, ...]


class ShelveAlarms(Command, frozen=True, kw_only=True, tag="shelve_alarms"):
    """Hide alarms for `for_s` at most; they come back by themselves. How long and which priorities depends on
    the desk's role (seeds/rules/alarm.toml)."""

    alarm_ids: tuple[str, ...]
    for_s: int
    reason: str


class UnshelveAlarms(Command, frozen=True, kw_only=True, tag="unshelve_alarms"):
    """Take alarms off the shelf before their time."""

    alarm_ids: tuple[str, ...]
    reason: str = ""


class RemoveAlarms(Command, frozen=True, kw_only=True, tag="remove_alarms"):
    """Take alarms out of service, until somebody returns them. Needs a supervisor's desk."""

    alarm_ids: tuple[str, ...]
    reason: str


class ReturnAlarms(Command, frozen=True, kw_only=True, tag="return_alarms"):
    """Put alarms back into service. Needs a supervisor's desk."""

    alarm_ids: tuple[str, ...]
    reason: str
