"""What can be done with the chosen rows, and why not. Qt-free; the hub decides all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.desk.alarmbook import AlarmBook
from console.model.alarm import HOLD_OUT_OF_SERVICE, HOLD_SHELVED, Alarm
from widgets.alarms.rows import Row

ACTS = ("acknowledge", "group", "shelve", "unshelve", "remove", "return", "reset")


@dataclass(frozen=True, slots=True)
class Permit:
    """The alarms that the act is for; none where it cannot be done, and then `why_not`: the end of a
    catalogue's key, with its `fields`."""

    alarm_ids: tuple[str, ...] = ()
    why_not: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> bool:
        return bool(self.alarm_ids)


def permit(act: str, chosen: Sequence[Row], seen: Sequence[Row], book: AlarmBook) -> Permit:
    """`seen` are the rows on the screen: what nobody sees is not acknowledged."""
    if not chosen:
        return Permit(why_not="none_chosen")
    if act == "group":
        return _group(chosen[0], seen)
    closed = next((row for row in chosen if row.members), None)
    if closed is not None:
        return Permit(why_not="group_opened" if closed.opened else "group_closed")
    alarms = [row.alarm for row in chosen]
    if act == "acknowledge":
        return _acknowledge(chosen, seen)
    if act == "shelve":
        return _shelve(alarms, book)
    if act in ("remove", "return") and not book.may_remove:
        return Permit(why_not="role_remove")
    possible, why_not = _MEANS[act]
    ids = tuple(alarm.id for alarm in alarms if possible(alarm))
    return Permit(ids) if ids else Permit(why_not=why_not)


def _acknowledge(chosen: Sequence[Row], seen: Sequence[Row]) -> Permit:
    on_screen = {row.key for row in seen}
    ids = tuple(row.alarm.id for row in chosen if row.alarm.unseen and row.key in on_screen)
    if ids:
        return Permit(ids)
    return Permit(why_not="not_on_screen" if any(row.alarm.unseen for row in chosen) else "nothing_unseen")


def _group(current: Row, seen: Sequence[Row]) -> Permit:
    if not current.members and not current.inside:
        return Permit(why_not="no_group")
    if current.members and not current.opened:
        return Permit(why_not="group_closed")
    ids = tuple(row.alarm.id for row in seen if row.inside and row.line == current.line and row.alarm.unseen)
    return Permit(ids) if ids else Permit(why_not="nothing_unseen")


def _shelve(alarms: Sequence[Alarm], book: AlarmBook) -> Permit:
    right = book.shelving
    if right is None:
        return Permit(why_not="role_shelve")
    ids = tuple(alarm.id for alarm in alarms if alarm.shown)
    if not ids:
        return Permit(why_not="hidden_already")
    beyond = next((alarm for alarm in alarms if alarm.shown and alarm.priority not in right.priorities), None)
    if beyond is not None:
        return Permit(why_not="priority_shelve", fields=(("priority", str(beyond.priority)),))
    return Permit(ids)


_MEANS: dict[str, tuple[Callable[[Alarm], bool], str]] = {
    "unshelve": (lambda alarm: bool(alarm.holds & HOLD_SHELVED), "not_shelved"),
    "remove": (lambda alarm: not alarm.holds & HOLD_OUT_OF_SERVICE, "out_of_service_already"),
    "return": (lambda alarm: bool(alarm.holds & HOLD_OUT_OF_SERVICE), "in_service"),
    "reset": (lambda alarm: alarm.state == "F", "not_latched"),
}
