"""Answers cases by the script's pace, so that an agency can stand in a drill or a test without people.

Also what happens by itself where people answer: a unit that has come reports that it is on scene.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from console.agency.case import Act, Case
from console.agency.garage import Garage
from console.agency.script import Script, in_country
from console.agency.station import ActRefused, Station
from console.agency.store import StoreError
from console.agency.tongue import ReadBack
from console.agency.view import PictureForm
from console.clock import SECOND_NS, Clock
from console.model.base import Position

_AGAIN_S = 1.0
"""After an act that could not be done, as on a full disk."""
_MISHEARD_DEGREES = 0.008
"""About 900 m to the north: another street."""


class Automat:
    """Used on the office's loop. What is open when the process starts is taken up again where it stood."""

    def __init__(
        self, station: Station, script: Script, clock: Clock, acted: Callable[[], None], garage: Garage,
        ask: Callable[[PictureForm], None] | None = None,
    ) -> None:  # fmt: skip
        self._ask = ask
        self._station = station
        self._script = script
        self._clock = clock
        self._acted = acted
        self._garage = garage
        self._units = itertools.cycle(script.units_of(station.agency) or ("",))
        self._due: dict[str, tuple[str, int]] = {}

    async def run(self, wake: asyncio.Event) -> None:
        """For ever, until cancelled; `wake` says that a case may be new."""
        while True:
            wake.clear()
            wait_s = self.step()
            try:
                await asyncio.wait_for(wake.wait(), wait_s)
            except TimeoutError:
                pass

    def step(self) -> float | None:
        """Do what is due; answers the seconds until something will be, None where nothing is planned."""
        now_ns = self._clock.mono_ns()
        due: dict[str, tuple[str, int]] = {}
        acted = False
        for number, stage in self._station.standing():
            case = self._station.case(number)
            planned = self._next(case)
            if planned is None:
                continue
            act, pause_s = planned
            step, known = f"{stage} {act}", self._due.get(number)
            due_ns = known[1] if known and known[0] == step else now_ns + int(pause_s * SECOND_NS)
            if due_ns <= now_ns and self._do(case, act):
                acted = True
            else:
                again_ns = now_ns + int(_AGAIN_S * SECOND_NS)
                due[number] = (step, due_ns if due_ns > now_ns else again_ns)
        self._due = due
        if acted:
            return 0.0  # what these acts lead to is planned at once
        return min((due_ns - now_ns for _, due_ns in due.values()), default=0) / SECOND_NS if due else None

    def _next(self, case: Case) -> tuple[Act, float] | None:
        """What the script does next with a case, and how long after its last step."""
        script, pace = self._script, self._script.pace
        if script.mode == "silent_after_receipt":
            return None
        if case.cancel == "asked" and pace.cancel_s is not None:
            return ("cancel_accept" if script.cancels == "accept" else "cancel_refuse"), pace.cancel_s
        if case.stage == "received" and pace.open_s is not None:
            return "open", pace.open_s
        if case.stage in ("received", "opened"):
            return _paced("refuse" if script.mode == "refuses" else "accept", pace.accept_s)
        if case.stage == "accepted":
            return _paced("dispatch", pace.dispatch_s)
        if case.stage == "dispatched":
            return self._arrival(case)
        return _paced("close", pace.close_s)

    def _arrival(self, case: Case) -> tuple[Act, float] | None:
        """By the drill's own time, else when the first unit is there."""
        there_ns = self._garage.there_ns(case.number)
        if there_ns is not None:
            return "arrive", max(0.0, (there_ns - self._clock.now_ns()) / SECOND_NS)
        return _paced("arrive", self._script.pace.arrive_s)

    def _do(self, case: Case, act: Act) -> bool:
        script = self._script
        try:
            scene = self._station.tongue.understood(case.body).position
            unit = (next(self._units) or self._garage.nearest(scene)) if act == "dispatch" else ""
            self._station.act(
                case.number, act, copies=2 if script.mode == "duplicate_answers" else 1,
                reason=script.reason if act == "refuse" else "", unit=unit, words=self._words(act),
                read_back=self._misheard(case) if act == "accept" else None,
                late_s=script.late_s if script.mode == "late_answers" else 0.0,
            )  # fmt: skip
            follow(self._garage, case.number, act, unit, scene, script.pace.arrive_s)
            if act == "dispatch":
                self._ask_pictures(case)
            if act == "close" and script.mode == "answers_after_closing":
                self._go_on(case)
        except (ActRefused, StoreError):
            return False  # a person at the window was faster, or the disk is full
        self._acted()
        return True

    def _ask_pictures(self, case: Case) -> None:
        """What the unit's crew is to see on the way."""
        heard = self._station.tongue.understood(case.body)
        told = self._script.pictures_for(self._station.agency, heard.type)
        if told is not None and self._ask is not None:
            self._ask(
                PictureForm(
                    service=told.service, purpose=told.purpose, legal_basis=told.legal_basis,
                    position=heard.position, radius_m=told.radius_m, minutes=told.minutes,
                    recorded_min=told.recorded_min, number=case.number, place=heard.place,
                )
            )

    def _misheard(self, case: Case) -> ReadBack | None:
        if self._script.mode != "read_back_differs":
            return None
        heard = self._station.tongue.understood(case.body)
        at = Position(lat=heard.position.lat + _MISHEARD_DEGREES, lon=heard.position.lon)
        return ReadBack(type=heard.type, code=heard.code, position=at, place=heard.place)

    def _go_on(self, case: Case) -> None:
        """What a room says of a case it has closed, by mistake or because it goes on after all."""
        further = in_country(self._script.further, self._station.agency) or "+"
        self._station.say_anyway(case.number, "note", further)
        self._station.say_anyway(case.number, "assigned", "", case.unit.partition(",")[0] or "1")

    def _words(self, act: Act) -> str:
        texts = {"refuse": self._script.words, "close": self._script.closing}
        return in_country(texts.get(act, {}), self._station.agency)


def follow(
    garage: Garage, number: str, act: Act, unit: str, scene: Position, within_s: float | None = None
) -> None:
    """What an act means for the units: sent, or free again."""
    if act == "dispatch":
        garage.send(unit, number, scene, within_s)
    elif act in ("close", "transfer", "cancel_accept", "refuse"):
        garage.release(number)


def _paced(act: Act, pause_s: float | None) -> tuple[Act, float] | None:
    return None if pause_s is None else (act, pause_s)
