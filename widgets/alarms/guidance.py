"""What to say of one alarm beside the list: what to do, cause, consequence, limit and source. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from console.desk.alarmbook import AlarmBook
from console.language import LANGUAGES, Catalogue
from console.model.alarm import Alarm
from console.model.base import Words
from console.model.device import Limit
from widgets.alarms.words import RowWords, person
from widgets.kit.moments import Moments, number, unit

SORTS = ("silent", "line", "gateway")
"""Alarms that are of no limit, by the end of their ids; what to do about them is in the catalogue."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its text; `other` is the same text in the other language, empty where there is none."""

    heading: str
    text: str
    other: str = ""


class Guidance:
    """Says the parts of an alarm's panel. UI thread (the catalogue's)."""

    def __init__(self, book: AlarmBook, words: RowWords, moments: Moments) -> None:
        self._book, self._words, self._moments = book, words, moments
        self._catalogue: Catalogue = moments.catalogue

    def parts(self, alarm: Alarm) -> list[Part]:
        """What to do first; then why, and what stands behind it."""
        limit = self._book.limit(alarm)
        found = self._of_limit(alarm, limit) if limit is not None else self._of_sort(alarm)
        found.append(self._standing(alarm))
        hidden = self._hidden(alarm)
        if hidden:
            found.append(Part(self._say("hidden"), hidden))
        return [part for part in found if part.text]

    def _of_limit(self, alarm: Alarm, limit: Limit) -> list[Part]:
        point = self._book.board.profile.points[limit.point_index]
        measured = unit(point.unit, self._catalogue)
        clear = f"{'<' if limit.above else '>'} {number(limit.clear_at)}"
        level = self._catalogue.say(
            "alarms.panel.limit_hours" if limit.hours else "alarms.panel.limit_text",
            level=self._words.level(limit), unit=measured, clear=clear,
            on=f"{limit.on_delay_s:g}", off=f"{limit.off_delay_s:g}", hours=str(limit.hours),
        )  # fmt: skip
        return [
            self._both("do", limit.guidance),
            Part(self._say("limit"), level),
            Part(self._say("source"), limit.source),
        ]

    def _of_sort(self, alarm: Alarm) -> list[Part]:
        sort = alarm.id.rpartition("/")[2]
        if sort not in SORTS:
            return []
        return [
            self._both(name, self._catalogue.both(f"alarms.guidance.{sort}.{name}"))
            for name in ("do", "cause", "consequence")
        ]

    def _standing(self, alarm: Alarm) -> Part:
        """Since when, who has seen it, what holds it."""
        say, moments = self._catalogue.say, self._moments
        parts = []
        if alarm.raised_at_ns:
            parts.append(say("alarms.panel.raised", clock=moments.clock(alarm.raised_at_ns)))
        if alarm.acknowledged_by:
            clock = moments.clock(alarm.acknowledged_at_ns)
            parts.append(say("alarms.panel.acknowledged", person=alarm.acknowledged_by, clock=clock))
        value = self._words.value(alarm)
        if value:
            parts.append(say("alarms.panel.value", value=value))
        incident = self._words.incident(alarm)
        if incident:
            parts.append(say("alarms.panel.incident", incident=incident))
        parts.append(alarm.id)
        return Part(self._say("standing"), " · ".join(parts))

    def _hidden(self, alarm: Alarm) -> str:
        say, moments = self._catalogue.say, self._moments
        parts = []
        if alarm.shelf is not None:
            parts.append(
                say(
                    "alarms.hidden.shelved", until=moments.clock(alarm.until_ns),
                    person=person(alarm.shelf.by), why=alarm.shelf.why,
                )
            )  # fmt: skip
        if alarm.cause_id:
            parts.append(say("alarms.hidden.suppressed", cause=self._words.name(alarm.cause_id)))
        if alarm.removal is not None:
            parts.append(
                say("alarms.hidden.out_of_service", person=person(alarm.removal.by), why=alarm.removal.why)
            )
        return " ".join(parts)

    def _both(self, name: str, words: Words) -> Part:
        """A text in the present language, and in the other one: the next shift may read that."""
        here = self._catalogue.language
        other = next(one for one in LANGUAGES if one != here)
        text, also = words.in_language(here), words.in_language(other)
        return Part(self._say(name), text, also if also != text else "")

    def _say(self, name: str) -> str:
        return self._catalogue.say(f"alarms.panel.{name}")
