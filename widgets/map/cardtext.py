"""What is said of a thing on the map when the hand or the keyboard is on it. No widgets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from console.geo.clusters import ALARM, DEGRADED, DOWN, OUT_OF_SERVICE, UNKNOWN
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.model.sketch import Sketch
from console.profile.ground import Ints
from console.report.names import type_name, unit_of
from widgets.kit.moments import Moments, number, unit
from widgets.map.standings import CONDITIONS, Standings

if TYPE_CHECKING:
    from console.desk.board import Board

MOST_VALUES = 6
STALE_PERIODS = 3
MOST_SYSTEMS = 4


class CardText(NamedTuple):
    """A heading, and lines below it."""

    title: str
    lines: tuple[str, ...]


class CardTexts:
    """Makes them from the board, the profile and the words of the present language. UI thread only."""

    def __init__(self, board: Board, standings: Standings, catalogue: Catalogue, moments: Moments) -> None:
        self._board, self._standings = board, standings
        self._catalogue, self._moments = catalogue, moments

    def device(self, row: int) -> CardText:
        """One device: what it is, how it stands and why, who keeps it, its values and their age."""
        board, profile, say = self._board, self._board.profile, self._catalogue.say
        words = self._catalogue.words
        device = profile.devices.at(row)
        now = board.clock.now_ns()
        lines = [
            f"{words(profile.kinds[device.kind].name)} · {words(profile.systems[device.system].name)}",
            words(device.place.address or device.place.name),
        ]
        known = board.state.devices.get(device.id)
        code = int(self._standings.codes[row])
        if code == OUT_OF_SERVICE:
            lines.append(say("map.card.out_of_service"))
        elif known is not None:
            age = self._moments.age(known.since_ns, now)
            why = words(known.why)
            lines.append(
                say("map.card.condition", condition=say(f"map.condition.{known.condition}"), age=age)
                + (f" · {why}" if why else "")
            )
        else:
            lines.append(say("map.condition.up"))
        alarm = self._standings.alarm_of.get(row)
        if alarm is not None:
            lines.append(f"P{alarm.priority} {words(alarm.text)}")
        told = board.state.field_states.get(device.id)
        if told is not None:
            lines.append(words(told.words))
        lines += self._values(row, now)
        owner = profile.owners.get(device.owner)
        if owner is not None:
            lines.append(say("map.card.owner", owner=words(owner)))
        contractor = profile.contractors.get(profile.contractor_of(device.id))
        if contractor is not None:
            lines.append(say("map.card.contractor", contractor=words(contractor.name)))
        lines.append(device.id)
        return CardText(words(device.name), tuple(lines))

    def _values(self, row: int, now: int) -> list[str]:
        board, points = self._board, self._board.profile.points
        indexes = list(points.of_device(row))
        lines = []
        for index in indexes[:MOST_VALUES]:
            name = self._catalogue.words(points.name(index))
            taken = int(board.taken_at_ns[index])
            value = float(board.values[index])
            if not taken or not np.isfinite(value):
                lines.append(f"{name}: {self._catalogue.say('map.card.no_value')}")
                continue
            of = unit(unit_of(board.profile, index), self._catalogue)
            age = self._moments.age(taken, now)
            stale = now - taken > STALE_PERIODS * points[index].period_s * 1e9
            said = self._catalogue.say("map.card.stale" if stale else "map.card.age", age=age)
            mark = board.state.field_states.get(points[index].id)
            doubt = f" · {self._catalogue.words(mark.words)}" if mark is not None else ""
            lines.append(f"{name}: {number(value)} {of} ({said}){doubt}")
        if len(indexes) > MOST_VALUES:
            lines.append(self._catalogue.say("report.more", count=len(indexes) - MOST_VALUES))
        return lines

    def cluster(self, rows: Ints, tally: Ints) -> CardText:
        """Several devices: how many of which system, and how they stand."""
        profile, say = self._board.profile, self._catalogue.say
        kinds = profile.columns.kind[rows]
        systems = Counter(profile.columns.kind_system[kind] for kind in kinds.tolist())
        told = [
            f"{self._catalogue.words(profile.systems[name].name)} {count:,}"
            for name, count in systems.most_common(MOST_SYSTEMS)
        ]
        if len(systems) > MOST_SYSTEMS:
            rest = sum(systems.values()) - sum(count for _, count in systems.most_common(MOST_SYSTEMS))
            told.append(say("map.card.others", count=rest))
        abnormal = [
            say("map.alarm" if code == ALARM else f"map.condition.{CONDITIONS[code]}") + f" {tally[code]:,}"
            for code in (ALARM, DOWN, DEGRADED, UNKNOWN, OUT_OF_SERVICE) if tally[code]
        ]  # fmt: skip
        lines = (" · ".join(abnormal) or say("map.card.all_normal"), *told, say("map.card.open"))
        return CardText(say("map.card.devices", count=f"{len(rows):,}"), lines)

    def incident(self, incident_id: str) -> CardText | None:
        """An incident; None for one that is not known any more."""
        incident = self._board.state.incidents.get(incident_id)
        if incident is None:
            return None
        kind = type_name(self._board.profile, self._catalogue, incident.type)
        age = self._moments.age(incident.opened_at_ns, self._board.clock.now_ns())
        lines = (
            self._catalogue.words(incident.place.name),
            self._catalogue.say("map.card.opened", age=age)
            + (f" · {incident.owner}" if incident.owner else ""),
            *(self._catalogue.words(one) for one in incident.reasons[-2:]),
        )
        return CardText(f"P{incident.priority} {kind}", lines)

    def report(self, report: CitizenReport) -> CardText:
        """What a citizen told, without who it was."""
        words = self._catalogue.words
        age = self._moments.age(report.received_at_ns, self._board.clock.now_ns())
        lines = (words(report.told.place.name), self._catalogue.say("map.card.opened", age=age))
        return CardText(report.told.text[:200] or report.told.service, lines)

    def sketch(self, sketch: Sketch) -> CardText:
        """What somebody drew."""
        title = sketch.text or self._catalogue.say(f"report.sketch.{sketch.form}")
        lines = [self.drawn_by(sketch)]
        incident = self.incident(sketch.incident_id) if sketch.incident_id else None
        if incident is not None:
            lines.append(incident.title)
        return CardText(title, tuple(lines))

    def drawn_by(self, sketch: Sketch) -> str:
        """Who drew it and when."""
        return f"{sketch.person} · {self._moments.minute(sketch.at_ns)}"
