"""Answers cases by the script's pace, so that an agency can stand in a drill or a test without people."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from console.agency.case import Act, CaseStage
from console.agency.script import Script, in_country
from console.agency.station import ActRefused, Station
from console.clock import SECOND_NS, Clock


class Automat:
    """Used on the office's loop. What is open when the process starts is taken up again where it stood."""

    def __init__(self, station: Station, script: Script, clock: Clock, acted: Callable[[], None]) -> None:
        self._station = station
        self._script = script
        self._clock = clock
        self._acted = acted
        self._units = itertools.cycle(script.units_of(station.agency))
        self._due: dict[str, tuple[CaseStage, int]] = {}

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
        due: dict[str, tuple[CaseStage, int]] = {}
        acted = False
        for key, stage in self._station.standing():
            planned = self._next(stage)
            if planned is None:
                continue
            act, pause_s = planned
            known = self._due.get(key)
            due_ns = known[1] if known and known[0] == stage else now_ns + int(pause_s * SECOND_NS)
            if due_ns <= now_ns:
                acted = self._do(key, act) or acted
            else:
                due[key] = (stage, due_ns)
        self._due = due
        if acted:
            return 0.0  # what these acts lead to is planned at once
        return min((due_ns - now_ns for _, due_ns in due.values()), default=0) / SECOND_NS if due else None

    def _next(self, stage: CaseStage) -> tuple[Act, float] | None:
        """What the script does next with a case at this stage, and how long after its last step."""
        script, pace = self._script, self._script.pace
        if script.mode == "silent_after_receipt":
            return None
        steps: dict[CaseStage, tuple[Act, float | None]] = {
            "received": ("refuse" if script.mode == "refuses" else "accept", pace.accept_s),
            "accepted": ("dispatch", pace.dispatch_s),
            "dispatched": ("arrive", pace.arrive_s),
            "on_scene": ("close", pace.close_s),
        }
        act, pause_s = steps[stage]
        return None if pause_s is None else (act, pause_s)

    def _do(self, key: str, act: Act) -> bool:
        script = self._script
        try:
            self._station.act(
                key, act, copies=2 if script.mode == "duplicate_answers" else 1,
                reason=script.reason if act == "refuse" else "",
                unit=next(self._units) if act == "dispatch" else "",
                words=self._words(act),
            )  # fmt: skip
        except ActRefused:
            return False  # a person at the window was faster
        self._acted()
        return True

    def _words(self, act: Act) -> str:
        texts = {"refuse": self._script.words, "close": self._script.closing}
        return in_country(texts.get(act, {}), self._station.agency)
