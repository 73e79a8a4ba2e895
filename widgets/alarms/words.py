"""What a row says in each column, in the present language. Qt-free; made for the rows that are seen."""

from __future__ import annotations

from enum import IntEnum

from console.desk.alarmbook import AlarmBook
from console.desk.alarmlines import View
from console.model.alarm import Alarm
from console.model.device import Limit
from console.report.names import type_name
from widgets.alarms.rows import Row
from widgets.kit.moments import Moments, number, unit

PERSON = "person:"


class Column(IntEnum):
    PRIORITY = 0
    STATE = 1
    AGE = 2
    WHAT = 3
    WHERE = 4
    VALUE = 5
    INCIDENT = 6
    NOTE = 7


class RowWords:
    """Texts of rows. `pending` holds the ids of alarms that an act is on its way for."""

    def __init__(self, book: AlarmBook, moments: Moments) -> None:
        self._book, self._moments = book, moments
        self._catalogue = moments.catalogue
        self._profile = book.board.profile
        self.pending: frozenset[str] = frozenset()
        self.view: View = "active"
        self.incident_in_note = False
        """Where the list is too narrow for a column of its own."""

    def text(self, row: Row, column: int) -> str:
        """What stands in a column."""
        match Column(column):
            case Column.PRIORITY:
                return self._catalogue.say(f"kit.priority.{min(4, max(1, row.alarm.priority))}")
            case Column.STATE:
                return self._state(row)
            case Column.AGE:
                return self.age(row)
            case Column.WHAT:
                return self._what(row)
            case Column.WHERE:
                return self._where(row)
            case Column.VALUE:
                return "" if row.members else self.value(row.alarm)
            case Column.INCIDENT:
                return self.incident(row.alarm)
        return self._note(row)

    def spoken(self, row: Row) -> str:
        """The whole row as one sentence, for those who hear it."""
        parts = [self.text(row, column) for column in Column]
        return ", ".join(part for part in parts if part)

    def age(self, row: Row) -> str:
        """How long since it was put before a person; since it was hidden, where it never was."""
        since_ns = row.alarm.raised_at_ns or row.alarm.changed_at_ns
        return self._moments.age(since_ns, self._book.board.clock.now_ns())

    def value(self, alarm: Alarm) -> str:
        """The value and the level it is held against: "83 μg/m³ (> 75)"."""
        if alarm.value is None or alarm.point_index < 0:
            return ""
        point = self._profile.points[alarm.point_index]
        limit = self._book.limit(alarm)
        measured = f"{number(alarm.value)} {unit(point.unit, self._catalogue)}".strip()
        if limit is None or point.unit == "state":
            return measured
        return f"{measured} ({self.level(limit)})"

    def level(self, limit: Limit) -> str:
        """From where on a limit is in alarm: "≥ 75"."""
        return f"{'≥' if limit.above else '≤'} {number(limit.set_at)}"

    def incident(self, alarm: Alarm) -> str:
        """What kind of incident holds it; empty where none does."""
        if not alarm.incident_id:
            return ""
        known = self._book.board.state.incidents.get(alarm.incident_id)
        if known is None:
            return alarm.incident_id
        return type_name(self._profile, self._catalogue, known.type)

    def name(self, alarm_id: str) -> str:
        """An alarm by its text and place; by its id where nothing is known of it."""
        known = self._book.board.state.alarms.get(alarm_id)
        if known is None:
            return alarm_id
        return f"{self.what(known)}, {self._catalogue.words(known.place.name)}"

    def what(self, alarm: Alarm) -> str:
        """The alarm's text; the shipped font has the Greek letter, not the micro sign."""
        return self._catalogue.words(alarm.text).replace("\u00b5", "\u03bc")

    def searched(self, alarm: Alarm) -> str:
        """What can be searched besides the alarm's own words."""
        district = self._profile.districts.get(alarm.place.district)
        names = f"{district.name.en} {district.name.ko}" if district is not None else ""
        return f"{names} {alarm.incident_id} p{alarm.priority}"

    def _state(self, row: Row) -> str:
        say = self._catalogue.say
        if row.members:
            known = map(self._book.alarms.get, row.members)
            unseen = sum(1 for one in known if one is not None and one.unseen)
            return say("alarms.state.group", unseen=unseen) if unseen else say("alarms.state.C")
        state = say(f"alarms.state.{row.alarm.state}")
        return say("alarms.state.pending", state=state) if row.alarm.id in self.pending else state

    def _what(self, row: Row) -> str:
        text = self.what(row.alarm)
        if row.members:
            return self._catalogue.say("alarms.group.what", count=len(row.members), text=text)
        return text

    def _where(self, row: Row) -> str:
        place = row.alarm.place
        if not row.members:
            return self._catalogue.words(place.name)
        district = self._profile.districts.get(place.district)
        where = self._catalogue.words(district.name if district is not None else place.name)
        return self._catalogue.say("alarms.group.where", place=where)

    def _note(self, row: Row) -> str:
        """Marks, and what hides the alarm."""
        alarm, say = row.alarm, self._catalogue.say
        parts: list[str] = []
        if row.members:
            parts.append(say("alarms.group.close" if row.opened else "alarms.group.open"))
            parts.append(say("alarms.group.first", alarm=self.name(row.first_out)))
            return " · ".join(parts)
        if self._book.first_out(alarm) or (row.inside and row.first_out == alarm.id):
            parts.append(say("alarms.mark.first_out"))
        parts += [say(f"alarms.mark.{name}") for name in self._book.nuisance(alarm.id)]
        incident = self.incident(alarm) if self.incident_in_note else ""
        if incident:
            parts.append(say("alarms.mark.link", incident=incident))
        if alarm.shelf is not None:
            parts.append(
                say(
                    "alarms.hidden.shelved", until=self._moments.minute(alarm.until_ns),
                    person=person(alarm.shelf.by), why=alarm.shelf.why,
                )
            )  # fmt: skip
        if alarm.cause_id:
            parts.append(say("alarms.hidden.suppressed", cause=self.name(alarm.cause_id)))
        if alarm.removal is not None:
            parts.append(
                say("alarms.hidden.out_of_service", person=person(alarm.removal.by), why=alarm.removal.why)
            )
        if not alarm.shown and alarm.active:
            parts.append(say("alarms.mark.active"))
        return " · ".join(parts)


def person(who: str) -> str:
    """The name in "person:NAME"."""
    return who.removeprefix(PERSON)
