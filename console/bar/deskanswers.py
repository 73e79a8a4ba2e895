"""Answers from what is on the desk: incidents and what is done with them, alarms, acts, modes, layouts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from console.bar.offer import Offer, OfferKind
from console.bar.ranking import WORD, Fit, Line, words_of
from console.bar.situation import ActLine, Situation
from console.language import Catalogue
from console.model.alarm import Alarm
from console.model.incident import Incident
from console.profile import Agency, Profile
from console.report.names import agency_name, type_name

T = TypeVar("T")
AGAIN = ("rejected", "closed")
"""Stages of a hand-off after which the same agency may be asked again."""
GRAVE = ("shell.quit",)
"""Acts that are offered only where their own words were begun."""
NORMAL = "-"
"""The id of no mode at all."""


class DeskAnswers:
    """Lines are made once for each record and kept while it stands. UI thread only."""

    def __init__(self, profile: Profile, catalogue: Catalogue) -> None:
        self._profile, self._catalogue = profile, catalogue
        self._lines: dict[Hashable, tuple[object, Line]] = {}

    def _line(self, key: Hashable, record: object, names: Callable[[], Iterable[str]]) -> Line:
        """The record's line; a record that changed is another object."""
        known = self._lines.get(key)
        if known is None or known[0] is not record:
            known = self._lines[key] = (record, Line(names()))
        return known[1]

    def forget_gone(self, now: Situation) -> None:
        """Forget the lines of records that are gone."""
        state = now.state
        if len(self._lines) > 2 * (len(state.incidents) + len(state.alarms)) + 2_000:
            self._lines.clear()

    # incidents

    def _incidents(self, words: tuple[str, ...], now: Situation, closed: bool) -> list[Incident]:
        """Those that the words fit, as the queue has them: unacknowledged, urgent and old ones first."""
        found = []
        for one in now.state.incidents.values():
            if one.stage == "closed" and not closed:
                continue
            fit = self._incident_line(one).fit(words)
            if fit is not None:
                left = one.stage in ("resolved", "closed")
                rank = (fit.worst, left, one.stage != "new", one.priority, one.opened_at_ns, one.id)
                found.append((rank, one))
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]

    def _incident_line(self, one: Incident) -> Line:
        def names() -> Iterable[str]:
            kind = self._profile.incident_types.get(one.type)
            place = one.place.name
            named = (kind.name.en, kind.name.ko) if kind is not None else (one.type,)
            return (one.id, *named, place.en, place.ko)

        return self._line(("incident", one.id), one, names)

    def _said(self, one: Incident) -> tuple[str, str]:
        """Title and detail of an incident."""
        name = type_name(self._profile, self._catalogue, one.type)
        stage = self._catalogue.say(f"report.stage.{one.stage}")
        parts = (one.id, f"P{one.priority}", stage, one.owner)
        return f"{name} · {self._catalogue.words(one.place.name)}", " · ".join(filter(None, parts))

    def incidents(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Incidents to be opened."""
        offers = []
        for one in self._incidents(words_of(rest), now, closed=True)[:most]:
            title, detail = self._said(one)
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
        for one in self._with_open(words_of(rest), now)[:most]:
            title, detail = self._said(one)
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

    def _with_open(self, words: tuple[str, ...], now: Situation) -> list[Incident]:
        found = self._incidents(words, now, closed=False)
        if not words:
            found.sort(key=lambda one: one.id != now.open_incident)
        return found

    def note(self, rest: str, now: Situation) -> list[Offer]:
        """A note into the open incident."""
        one, say = now.state.incidents.get(now.open_incident), self._catalogue.say
        if one is None:
            refused = say("bar.not.no_incident")
        elif one.stage == "closed":
            refused = say("bar.not.closed")
        else:
            refused = now.no_orders or ("" if rest else say("bar.not.no_text"))
        title, detail = self._said(one) if one is not None else (rest, "")
        return [
            Offer(
                kind="note", id=now.open_incident, title=rest or title, detail=title if rest else detail,
                text=rest, does=say("bar.does.note", id=now.open_incident), refused=refused,
                fill=f"{self._word('note')} {rest}",
            )
        ]  # fmt: skip

    def hand_off(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """An agency, and the incident where it is not the open one. Nothing is sent before it was read."""
        words = words_of(rest)
        agencies = list(self._profile.agencies.values())
        if words:
            agencies = [one for one in agencies if _agency_line(one).fit(words[:1])]
        offers = []
        for agency in agencies:
            found = self._with_open(words[1:], now)
            for one in found[: most if words[1:] else 1]:
                offers.append(self._hand(agency.id, one, now))
        return offers[:most]

    def _hand(self, agency: str, one: Incident, now: Situation) -> Offer:
        short, say = agency_name(self._profile, self._catalogue, agency), self._catalogue.say
        under_way = [
            handoff for each in one.handoff_ids if (handoff := now.state.handoffs.get(each)) is not None
            and handoff.agency == agency and handoff.stage not in AGAIN
        ]  # fmt: skip
        refused = say("bar.not.under_way", agency=short) if under_way else now.no_orders
        title, detail = self._said(one)
        return Offer(
            kind="hand_off", id=one.id, other=agency, title=f"{short} · {title}", detail=detail,
            does=say("bar.does.hand_off", agency=short, id=one.id), refused=refused,
            fill=f"{self._word('hand')} {short} {one.id}",
        )  # fmt: skip

    # alarms

    def alarms(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Alarms of the list and of those that are hidden; what nobody has seen first."""
        words, found = words_of(rest), []
        for one in now.state.alarms.values():
            fit = self._alarm_line(one).fit(words)
            if fit is not None:
                rank = (fit.worst, not one.shown, not one.unseen, one.priority, -one.raised_at_ns)
                found.append((rank, one))
        found.sort(key=lambda pair: (*pair[0], pair[1].id))
        say = self._catalogue.say
        return [
            Offer(
                kind="alarm", id=one.id, title=self._catalogue.words(one.text), position=one.place.position,
                detail=f"{one.id} · P{one.priority} · {say(f'report.alarm.state.{one.state}')}",
                does=self._catalogue.say("bar.does.alarm"), fill=f"{self._word('alarm')} {one.id}",
            )
            for _, one in found[:most]
        ]  # fmt: skip

    def _alarm_line(self, one: Alarm) -> Line:
        return self._line(
            ("alarm", one.id), one,
            lambda: (one.id, one.text.en, one.text.ko, one.place.name.en, one.place.name.ko),
        )  # fmt: skip

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
        text, group = act.text, act.group
        return self._line(("act", act.id), text, lambda: (text.en, text.ko, f"{group.en} {group.ko}"))

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


def _agency_line(one: Agency) -> Line:
    return Line((one.number, one.short.en, one.short.ko, one.name.en, one.name.ko, one.id))
