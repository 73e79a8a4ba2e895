"""bench realday: real days replayed through the hub's alarms: how many reach a person, before and after.

A week in which everything is real and was measured elsewhere: 50 road detectors of a week, an episode of fine
dust, and emergency calls, laid over each other by the clock. "Before" is what a plain comparison with each
level would ring, sample by sample. "After" is what the console puts before a desk as new.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from console.bench.city import link_seeds
from console.clock import SECOND_NS, SteppedClock
from console.hub.alarms import HubAlarms
from console.hub.sequencer import Sequencer
from console.language import load_catalogue
from console.ledger import Batch, Head
from console.model import commands as do
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.fact import SignalSeen
from console.model.handoff import OutboxRow
from console.model.state import CityState
from console.paths import shipped
from console.profile import Profile, load_profile
from console.rules.air.hours import hour_end_ns
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.flood import Standing, lines
from console.rules.city import phrase_of
from console.rules.correlate.placing import city_placing
from console.rules.draft import Decision, Refusal
from console.rules.happenings import decide_signal
from console.rules.traffic import traffic_figures
from console.rules.triage import Triage
from console.telemetry.table import F64, GOOD, Columns

STEP_S = 30
"""A detector's period in the profile. A mean of five minutes is given as the ten values it is the mean of."""
ROAD_STEP_S, ACK_EVERY_S = 300, 60
CALL_SIGNAL = {"Fire": "fire", "EMS": "sos", "Traffic": "citizen_report"}
CALL_PRIORITY = {"Fire": 1, "EMS": 1, "Traffic": 3}
AIR = {"pm2_5_1h_ug_m3": "초미세먼지", "pm10_1h_ug_m3": "미세먼지", "o3_ppm": "오존"}
"""Point to column of the recording: means of an hour."""
STATION, DETECTOR = "AIR-0001", "REAL-{:02d}"
FIRST_CALLS, FIRST_AIR = "2015-12-11", "2021-11-18"
PERIOD_NS = 600 * SECOND_NS


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: before_per_operator_hour, after_per_operator_hour, lines_per_operator_hour (what grouping leaves
    to read), reduction, flood_share, peak, operators_for_target, by_source, fullest_day."""
    parser = argparse.ArgumentParser(prog="bongsu bench realday", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the recordings")
    parser.add_argument("--days", type=int, default=7, help="1 to 7")
    told = parser.parse_args(argv)
    if not 1 <= told.days <= 7:
        parser.error("--days: expected 1 to 7")
    if not (told.data / "incidents").is_dir():
        parser.error(f"--data {told.data}: the recordings are not there; nothing was measured")
    week = _read(told.data, told.days)
    before, heard, flooded_share = _before(week), *_after(week)
    hours = told.days * 24
    groups = _lines(heard)
    by_source = {
        source: {
            "before_per_h": round(before[source] / hours, 3),
            "after_per_h": round(sum(one.source == source for one in heard) / hours, 3),
        }
        for source in sorted(before)
    }
    total_before, after = sum(before.values()), len(heard)
    days = Counter((one.at_ns - week.start_ns) // (86_400 * SECOND_NS) for one in heard)
    periods = Counter(one.at_ns // PERIOD_NS for one in heard)
    figures = load_alarm_figures()
    target_per_h = figures.load.target * 3600 / figures.load.period_s
    return {
        "days": told.days, "before_per_operator_hour": round(total_before / hours, 2),
        "after_per_operator_hour": round(after / hours, 2),
        "lines_per_operator_hour": round(groups / hours, 2),
        "reduction": round(1 - groups / total_before, 3), "flood_share": round(flooded_share, 4),
        "peak": max(periods.values(), default=0),
        "operators_for_target": -(-groups // round(hours * target_per_h)),
        "fullest_day_after_per_h": round(max(days.values(), default=0) / 24, 2), "by_source": by_source,
        "technical_before_per_operator_hour": round((total_before - before["calls"]) / hours, 3),
        "technical_after_per_operator_hour": round(sum(one.source != "calls" for one in heard) / hours, 3),
    }


@dataclass(frozen=True, slots=True)
class Call:
    at_ns: int
    sort: str
    title: str
    town: str
    position: Position


@dataclass(frozen=True, slots=True)
class Week:
    """`roads` km/h by (five minutes, detector), NaN where missing; `air` by point and whole hour; `levels` of
    each air point: (level, hours needed)."""

    start_ns: int
    days: int
    roads: F64
    air: dict[str, F64]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that was put before the desk as new."""

    source: str
    id: str
    priority: int
    at_ns: int
    place: str
    kind: str
    flooded: bool


def _read(data: Path, days: int) -> Week:
    zone = ZoneInfo("Asia/Seoul")
    start = datetime(2026, 3, 23, tzinfo=zone)  # a Monday; the days' own dates do not matter
    start_ns = int(start.timestamp()) * SECOND_NS
    with (data / "sensors" / "los_speed_50.csv").open(encoding="utf-8") as file:
        speeds = np.array(list(csv.reader(file))[1:], np.float64) * traffic_figures().km_h_per_mph
    speeds[speeds == 0.0] = np.nan  # the recording's own sign for a missing value
    first = datetime.fromisoformat(FIRST_AIR).replace(tzinfo=zone)
    with (data / "sensors" / "hourly_seoul-air_2020-2021.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = {hour_end_ns(row["일시"], zone): row for row in csv.DictReader(file)}
    ends = [int((first + timedelta(hours=hour)).timestamp()) * SECOND_NS for hour in range(1, days * 24 + 1)]
    air = {
        point: np.array([float(rows[end][column]) if end in rows else np.nan for end in ends])
        for point, column in AIR.items()
    }
    return Week(start_ns, days, speeds[: days * 288], air, _calls(data, start_ns, days))


def _calls(data: Path, start_ns: int, days: int) -> tuple[Call, ...]:
    first = datetime.fromisoformat(FIRST_CALLS)
    path = data / "incidents" / "montgomery_911_2015-12-10_20.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        after_s = (datetime.fromisoformat(row["timeStamp"]) - first).total_seconds()
        if 0 <= after_s < days * 86_400:
            found.append(
                Call(
                    start_ns + int(after_s) * SECOND_NS, row["title"].partition(":")[0], row["title"],
                    row["twp"], Position(lat=float(row["lat"]), lon=float(row["lng"])),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.at_ns))


def _before(week: Week) -> Counter[str]:
    """What a plain comparison rings: each call, value that passes a level, detector that is missing."""
    jam = traffic_figures().classes[traffic_figures().class_index("urban_expressway")].jam_below_km_h
    missing = np.isnan(week.roads)
    slow = np.where(missing, False, week.roads < jam)
    found: Counter[str] = Counter(calls=len(week.calls))
    found["roads"] = int((slow[1:] & ~slow[:-1]).sum() + slow[0].sum())
    found["silence"] = int((missing[1:] & ~missing[:-1]).sum() + missing[0].sum())
    for point, levels in _levels().items():
        for level in levels:
            high = week.air[point] >= level
            found["air"] += int((high[1:] & ~high[:-1]).sum() + high[0])
    return found


def _levels() -> dict[str, list[float]]:
    profile = load_profile("suwon")
    points = {f"{STATION}/{one}": one for one in AIR}
    found: dict[str, list[float]] = {one: [] for one in AIR}
    for limit in profile.limits:
        name = points.get(limit.id.rpartition("/")[0])
        if name is not None:
            found[name].append(limit.set_at)
    return found


def _city(folder: Path) -> Profile:
    """Suwon with the fifty detectors in it, on one line, with the levels of their class of road."""
    road = traffic_figures().classes[traffic_figures().class_index("urban_expressway")]
    levels = f'{{ "speed_km_h/jam" = [{road.jam_below_km_h}, {road.slow_below_km_h}] }}'
    detectors = "".join(
        f'\n[[devices]]\nid = "{DETECTOR.format(number)}"\nkind = "loop_detector"\n'
        f"position = [37.27, {127.0 + number / 2000:.4f}]\ncircuit = \"REAL\"\nlevels = {levels}\n"
        f'place = {{ en = "Detector {number}", ko = "검지기 {number}" }}\n'
        for number in range(50)
    )  # fmt: skip
    (folder / "cities").mkdir(parents=True)
    link_seeds(folder)
    path = folder / "cities" / "real.toml"
    path.write_text((shipped("seeds") / "cities" / "suwon.toml").read_text("utf-8") + detectors, "utf-8")
    return load_profile(path)


class _Desk:
    """The hub's own parts without sockets and disk: what is decided is at once what was kept."""

    def __init__(self, profile: Profile, start_ns: int) -> None:
        self.clock = SteppedClock(start_ns)
        self.triage = Triage(
            profile, lambda where, count, without: (), phrase_of(load_catalogue()), city_placing(profile)
        )
        self.sequencer = Sequencer("bench", CityState(), self.clock, self._kept, self._told)
        self.sequencer.followers.append(self.triage.placing)
        self.alarms = HubAlarms(profile, self.triage, self.sequencer.state, self.clock)
        self.heard: list[Heard] = []
        self.desk = next(one for one in profile.desks if not profile.desks[one].systems)
        self._calls: dict[str, Call] = {}

    def _kept(self, batch: Batch) -> None:
        self.sequencer.committed(Head(seq=batch.entries[-1].seq, hash="", run="bench"))

    def _told(self, entries: list[ev.Entry], outbox: list[OutboxRow]) -> None:
        self.alarms.heard(self.sequencer, entries)
        flooded = self.desk in self.sequencer.state.floods
        for entry in entries:
            event = entry.event
            if isinstance(event, ev.AlarmMoved) and event.is_new and event.place is not None:
                name = event.alarm_id.partition("/")[0]
                silence = event.alarm_id.endswith(("/silent", "/line"))
                source = "silence" if silence else "air" if name == STATION else "roads"
                kind = event.alarm_id.partition("/")[2]
                self.heard.append(
                    Heard(source, event.alarm_id, event.priority, entry.at_ns, event.group, kind, flooded)
                )
            elif isinstance(event, ev.CaseOpened) and not event.alarm_id:
                call = self._calls[event.signal_uid]
                self.heard.append(
                    Heard("calls", event.incident_id, event.priority, entry.at_ns, call.town, call.title,
                          flooded)
                )  # fmt: skip

    def call(self, number: int, call: Call) -> None:
        """A call is a signal; the rules decide whether it is a new incident or one that is open."""
        fact = SignalSeen(
            uid=str(number), type=CALL_SIGNAL[call.sort], at_ns=call.at_ns,
            place=Place(name=same_words(call.town or "-"), position=call.position),
            detail=same_words(call.title),
        )  # fmt: skip
        self._calls[fact.uid] = call
        decided = decide_signal(self.triage, self.sequencer.state, "calls", fact, self.clock.now_ns())
        if isinstance(decided, Decision):
            self.sequencer.propose(decided)

    def acknowledge(self) -> None:
        """The person at the desk sees everything within a minute, and closes cases of an hour ago."""
        state, now = self.sequencer.state, self.clock.now_ns()
        unseen = tuple(one.id for one in state.alarms.values() if one.unseen)
        if unseen:
            request = do.Request(
                id=str(now), desk=self.desk, person="Bench", sent_ns=now,
                command=do.AcknowledgeAlarms(alarm_ids=unseen),
            )  # fmt: skip
            decided = self.alarms.decisions.order(state, request, now)
            if not isinstance(decided, Refusal):
                self.alarms.order(self.sequencer, decided, lambda seq, problem: None)


def _after(week: Week) -> tuple[list[Heard], float]:
    """What the console puts before one desk, and the share of the time that was flood."""
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        profile = _city(Path(folder) / "seeds")
    desk = _Desk(profile, week.start_ns)
    roads = np.array(
        [profile.point_by_id[f"{DETECTOR.format(one)}/speed_km_h"].index for one in range(50)], np.uint32
    )
    air = np.array([profile.point_by_id[f"{STATION}/{one}"].index for one in AIR], np.uint32)
    order = np.argsort(np.concatenate([roads, air]))
    numbers = np.concatenate([roads, air])[order]
    quality = np.full(len(numbers), GOOD, np.uint8)
    calls, flooded_steps = list(enumerate(week.calls))[::-1], 0
    steps = week.days * 86_400 // STEP_S
    for step in range(steps):
        desk.clock.step(STEP_S)
        now = desk.clock.now_ns()
        while calls and calls[-1][1].at_ns <= now:
            desk.call(*calls.pop())
        second = step * STEP_S
        values = np.concatenate(
            [week.roads[second // ROAD_STEP_S], [week.air[one][second // 3600] for one in AIR]]
        )[order]
        there = ~np.isnan(values)
        batch = Columns(numbers, values, np.full(len(numbers), now), quality).where(there)
        desk.alarms.settle(desk.sequencer, desk.alarms.city.evaluate(batch, now))
        desk.alarms.look(desk.sequencer)
        if second % ACK_EVERY_S == 0:
            desk.acknowledge()
        desk.sequencer.flush()
        flooded_steps += desk.desk in desk.sequencer.state.floods
    return desk.heard, flooded_steps / steps


def _lines(heard: list[Heard]) -> int:
    """Lines a person reads: each ten minutes' alarms, grouped where the desk was in a flood."""
    figures, count = load_alarm_figures().flood, 0
    by_period: dict[int, list[Heard]] = {}
    for one in heard:
        by_period.setdefault(one.at_ns // PERIOD_NS, []).append(one)
    for members in by_period.values():
        standing = [
            Standing(f"{one.id}#{at}", one.priority, one.at_ns, one.place, one.kind)
            for at, one in enumerate(members)
        ]
        count += len(lines(standing, any(one.flooded for one in members), figures))
    return count
