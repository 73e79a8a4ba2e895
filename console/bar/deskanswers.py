"""Answers from what is on the desk: incidents and what is done with them, alarms, acts, modes, layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nsmallest

from console.bar.many import ManyLines
from console.bar.offer import Offer, OfferKind
from console.bar.ranking import WORD, Fit, Line, words_of
from console.bar.situation import ActLine, Situation
from console.language import Catalogue
from console.model.alarm import Alarm
from console.model.base import Words
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import type_name

ASKED = 150
"""Of the records that may fit, the so many most urgent are ranked by how well, and those called just so."""
GRAVE = ("shell.quit",)
"""Acts that are offered only where their own words were begun."""
NORMAL = "-"
"""The id of no mode at all."""


class DeskAnswers:
    """Lines are made once for each record and kept while it stands. UI thread only."""

    def __init__(self, profile: Profile, catalogue: Catalogue, at_once: int) -> None:
        self._profile, self._catalogue, self._at_once = profile, catalogue, at_once
        self.behind = False
        """Whether lines of incidents or alarms were missing at the last answers: ask again soon."""
        self._act_lines: dict[str, tuple[Words, Line]] = {}
        self._incident_lines = ManyLines(self._incident_names)
        self._alarm_lines: ManyLines[Alarm] = ManyLines(
            lambda one: (one.id, one.text.en, one.text.ko, one.place.name.en, one.place.name.ko)
        )

    # incidents

    def _incidents(self, words: tuple[str, ...], now: Situation, closed: bool, most: int) -> list[Incident]:
        """Those that the words fit, as the queue has them: unacknowledged, urgent and old ones first."""
        lines = self._incident_lines
        self.behind |= not lines.take(now.state.incidents, self._at_once)
        may = [one for one in lines.may_fit(words) if closed or one.stage != "closed"]
        called = [one for one in lines.called(words) if closed or one.stage != "closed"]
        found = []
        for one in {one.id: one for one in (*called, *nsmallest(ASKED, may, key=_urgency))}.values():
            fit = lines.line(one.id).fit(words)
            if fit is not None:
                found.append(((fit.worst, *_urgency(one)), one))
        return [one for _, one in sorted(found, key=lambda pair: pair[0])[:most]]

    def _incident_names(self, one: Incident) -> tuple[str, ...]:
        kind = self._profile.incident_types.get(one.type)
        place = one.place.name
        named = (kind.name.en, kind.name.ko) if kind is not None else (one.type,)
        return (one.id, *named, place.en, place.ko)

    def said(self, one: Incident) -> tuple[str, str]:
        """Title and detail of an incident."""
        name = type_name(self._profile, self._catalogue, one.type)
        stage = self._catalogue.say(f"report.stage.{one.stage}")
        parts = (one.id, f"P{one.priority}", stage, one.owner)
        return f"{name} · {self._catalogue.words(one.place.name)}", " · ".join(filter(None, parts))

    def incidents(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Incidents to be opened."""
        offers = []
        for one in self._incidents(words_of(rest), now, True, most):
            title, detail = self.said(one)
            offers.append(
                Offer(
                    kind="incident", id=one.id, title=title, detail=detail,
                    does=self._catalogue.say("bar.does.incident", id=one.id),
                    fill=f"{self._word('inc')} {one.id}", position=one.place.position,
                )
            )  # fmt: skip
        return offers

    def acknowledge(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Incidents to be taken on; without words the open one first."""
        offers = []
        for one in self.with_open(words_of(rest), now, most):
            title, detail = self.said(one)
            refused = now.no_orders
            if not refused and one.stage != "new" and one.owner == now.person:
                refused = self._catalogue.say("bar.not.yours_already")
            offers.append(
                Offer(
                    kind="acknowledge", id=one.id, title=title, detail=detail, refused=refused,
                    does=self._catalogue.say("bar.does.acknowledge", id=one.id),
                    fill=f"{self._word('ack')} {one.id}",
                )
            )  # fmt: skip
        return offers

    def with_open(self, words: tuple[str, ...], now: Situation, most: int) -> list[Incident]:
        """Not closed; without words the open one first."""
        found = self._incidents(words, now, False, most)
        here = now.state.incidents.get(now.open_incident)
        if words or here is None or here.stage == "closed":
            return found
        return [here, *(one for one in found if one.id != here.id)][:most]

    def note(self, rest: str, now: Situation) -> list[Offer]:
        """A note into the open incident."""
        one, say = now.state.incidents.get(now.open_incident), self._catalogue.say
        if one is None:
            refused = say("bar.not.no_incident")
        elif one.stage == "closed":
            refused = say("bar.not.closed")
        else:
            refused = now.no_orders or ("" if rest else say("bar.not.no_text"))
        title, detail = self.said(one) if one is not None else (rest, "")
        return [
            Offer(
                kind="note", id=now.open_incident, title=rest or title, detail=title if rest else detail,
                text=rest, does=say("bar.does.note", id=now.open_incident), refused=refused,
                fill=f"{self._word('note')} {rest}",
            )
        ]  # fmt: skip

    # alarms

    def alarms(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Alarms of the list and of those that are hidden; what nobody has seen first."""
        words, found, lines = words_of(rest), [], self._alarm_lines
        self.behind |= not lines.take(now.state.alarms, self._at_once)
        pressing = nsmallest(ASKED, lines.may_fit(words), key=_pressing)
        for one in {one.id: one for one in (*lines.called(words), *pressing)}.values():
            fit = lines.line(one.id).fit(words)
            if fit is not None:
                found.append(((fit.worst, *_pressing(one)), one))
        found.sort(key=lambda pair: pair[0])
        say = self._catalogue.say
        return [
            Offer(
                kind="alarm", id=one.id, title=self._catalogue.words(one.text), position=one.place.position,
                detail=f"{one.id} · P{one.priority} · {say(f'report.alarm.state.{one.state}')}",
                does=self._catalogue.say("bar.does.alarm"), fill=f"{self._word('alarm')} {one.id}",
            )
            for _, one in found[:most]
        ]  # fmt: skip

    # acts and pages

    def acts(self, rest: str, now: Situation, most: int, pages: bool = False) -> list[Offer]:
        """Acts, or the pages alone; what can be done now comes before what cannot."""
        words, found = words_of(rest), []
        for place, act in enumerate(now.acts):
            if pages and not act.page:
                continue
            fit = self._act_line(act).fit(words)
            if fit is None or (act.id in GRAVE and fit.worst >= WORD):
                continue
            found.append(((bool(act.refused), fit, place), act))
        found.sort(key=lambda pair: pair[0])
        return [self._act(act) for _, act in found[:most]]

    def act_fit(self, act_id: str, words: tuple[str, ...], now: Situation) -> Fit | None:
        """How well an act's words fit."""
        act = next((one for one in now.acts if one.id == act_id), None)
        return self._act_line(act).fit(words) if act is not None else None

    def _act_line(self, act: ActLine) -> Line:
        known, text = self._act_lines.get(act.id), act.text
        if known is None or known[0] != text:
            known = self._act_lines[act.id] = (text, Line((text.en, text.ko, act.group.en, act.group.ko)))
        return known[1]

    def _act(self, act: ActLine) -> Offer:
        title = self._catalogue.words(act.text)
        kind: OfferKind = "page" if act.page else "act"
        return Offer(
            kind=kind, id=act.id, title=title, detail=self._catalogue.words(act.group), key=act.key,
            does=self._catalogue.say(f"bar.does.{kind}", name=title), refused=act.refused,
            fill=f"{self._word('page' if act.page else 'do')} {title}",
        )  # fmt: skip

    # modes and layouts

    def modes(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """The city's modes; the one in force cannot be chosen again."""
        say = self._catalogue.say
        normal = self._catalogue.both("report.mode.normal")
        names = {NORMAL: normal} | {one.id: one.name for one in self._profile.modes.values()}
        if len(names) == 1:
            return []
        offers = []
        for mode in self._fitting(names, rest, lambda one: (names[one].en, names[one].ko, one))[:most]:
            title = self._catalogue.words(names[mode])
            current = (mode if mode != NORMAL else "") == now.state.mode
            offers.append(
                Offer(
                    kind="mode", id=mode, title=title, does=say("bar.does.mode", name=title),
                    refused=now.no_orders or (say("bar.not.in_force") if current else ""),
                    fill=f"{self._word('mode')} {title}",
                )
            )  # fmt: skip
        return offers

    def layouts(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Layouts of the wall, by number or name; the number that was typed first."""
        by_id = {one.id: one for one in now.layouts}
        typed = rest.strip()
        found = self._fitting(by_id, rest, lambda one: (by_id[one].name, str(by_id[one].number or "")))
        found.sort(key=lambda one: (str(by_id[one].number) != typed, by_id[one].number or 10_000))
        say = self._catalogue.say
        return [
            Offer(
                kind="layout", id=one, title=by_id[one].name, key=str(by_id[one].number or ""),
                does=say("bar.does.layout", name=by_id[one].name),
                fill=f"{self._word('layout')} {by_id[one].number or by_id[one].name}",
            )
            for one in found[:most]
        ]  # fmt: skip

    def _fitting(self, records: Iterable[str], rest: str, names: Callable[[str], Iterable[str]]) -> list[str]:
        words, found = words_of(rest), []
        for place, one in enumerate(records):
            fit = Line(names(one)).fit(words)
            if fit is not None:
                found.append(((fit.worst, place), one))
        return [one for _, one in sorted(found)]

    def _word(self, verb: str) -> str:
        return self._catalogue.say(f"bar.verb.{verb}.word")


def _urgency(one: Incident) -> tuple[bool, bool, int, int, str]:
    """The order of the queue, those that have left it behind."""
    return one.stage in ("resolved", "closed"), one.stage != "new", one.priority, one.opened_at_ns, one.id


def _pressing(one: Alarm) -> tuple[bool, bool, int, int, str]:
    """What is shown and nobody has seen first, then the urgent, then the new."""
    return not one.shown, not one.unseen, one.priority, -one.raised_at_ns, one.id
