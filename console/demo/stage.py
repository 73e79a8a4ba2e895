"""The stage of the demo: its processes in order, its own operator, and the end."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import psutil

from console.broadcast.outlets import FILE_NAME as OUTLETS
from console.cityname import city_named
from console.clock import SECOND_NS, SystemClock
from console.demo.citizens import Citizens, load_citizens
from console.demo.feeds import FeedError, FeedPlan, plan_sources
from console.demo.memory import pss_mb
from console.demo.operator import DemoOperator
from console.demo.summary import Summary, stages
from console.demo.supervise import Supervisor
from console.demo.warner import FOLDER as WARNINGS
from console.demo.warner import DemoWarner
from console.desk.board import Board
from console.desk.link import HubLink
from console.gateways.story import Story, StoryError, check_story, load_story
from console.handoff.tls import ensure_authority
from console.logs import log_to
from console.paths import private_folder
from console.profile import Profile, ProfileError, load_profile, nearest_cameras
from console.rules.triage import CAMERAS_PER_INCIDENT
from console.stopping import Stopping
from console.video.source import SourceError
from console.wire.keys import KeyFileError, ensure_peer_key
from console.wire.rendezvous import read_doors

START_WITHIN_S = 20.0
STEP_S = 0.2
PANES_FIRST_S = 4.0
"""So long at most the rest of the processes waits until every pane of the wall moves."""
SCENARIO = "gateway-scenario"
OPEN311 = "gateway-open311"
INTAKE_KIND = "report_intake"
"""Measured by the gateway of citizens' reports, from what comes in."""
RECORDED_GIB = 4
"""Footage of one run of the demo at most: about forty minutes of its cameras. Three runs are kept."""
HISTORY_GIB = "2"
"""History of one run of the demo at most."""
RECORDED_WITHIN_S = 20.0
"""A run shorter than this is not blamed for cameras that are still being opened."""


class StageError(Exception):
    """The demo cannot start; the text says what happened and what to do."""


@dataclass(slots=True)
class Stage:
    """One run of the demo. `play` in the main thread."""

    home: Path
    city: str
    scenario: str
    speed: float
    cameras: tuple[str, ...]
    clips: str
    language: str
    for_s: float | None
    hands_on: bool
    agency_windows: bool
    desk: str
    supervisor: Supervisor
    """Has started the desk and the hub already."""
    stopping: Stopping

    def play(self) -> Summary:
        """Start, run, end; what happened. Raises StageError when it could not start."""
        log_to(self.home, "demo")
        try:
            return self._play(self.supervisor, SystemClock())
        except (ProfileError, StoryError, FeedError, SourceError, KeyFileError) as problem:
            raise StageError(str(problem)) from None
        finally:
            self.supervisor.end(("desk", SCENARIO))

    def _play(self, supervisor: Supervisor, clock: SystemClock) -> Summary:
        profile = load_profile(city_named(self.city))
        story = load_story(self.scenario)
        check_story(story, profile.devices, profile.point_by_id, profile.controls)
        if self.desk not in profile.desks:
            raise StageError(f"Desk {self.desk!r} is not one of: {', '.join(profile.desks)}.")
        book = plan_sources(
            profile, story, clock.now_ns(), profile.desks[self.desk].wall,
            FeedPlan(cameras=self.cameras, clips=self.clips),
        )
        book.save(self.home)
        seat = operator_seat(profile, self.desk)
        person = profile.desks[seat].person  # as a desk there would write it on the record
        board = Board(profile, clock, seat, person)
        link = HubLink(
            self.home, ensure_peer_key(self.home, seat, "desk"), person, board.inbox, clock,
            on_asked=board.asked,
        )
        operator = DemoOperator(board, link, story)
        told = load_citizens(story.id, profile)
        citizens = Citizens(self.home, profile, story, told, self.speed, clock)
        try:
            self._start_others(supervisor, profile, story)
            if told:
                supervisor.start(
                    OPEN311, "gateway", "open311", "--home", str(self.home), "--city", self.city,
                    "--port", "0",
                )
            link.start()
            warner = DemoWarner(story, self.home / WARNINGS, clock, self.speed)
            citizens.start()
            seconds, memory = self._run(supervisor, board, operator, warner, citizens)
            return self._summary(supervisor, profile, board, seconds, memory, citizens)
        finally:
            citizens.close()
            link.close()

    def _start_others(self, supervisor: Supervisor, profile: Profile, story: Story) -> None:
        """What nobody sees at once."""
        home = str(self.home)
        self._wait("the hub", supervisor, lambda: read_doors(self.home) is not None)
        supervisor.start(
            SCENARIO, "gateway", "scenario", "--home", home, "--city", self.city,
            "--scenario", self.scenario, "--speed", f"{self.speed:g}", "--leave", INTAKE_KIND,
        )
        self._let_panes_come(supervisor)
        supervisor.start(
            "recorder", "recorder", "--home", home, "--city", self.city, "--keep-gib", str(RECORDED_GIB),
            "--cameras", *recorded_cameras(profile, profile.desks[self.desk].wall, story),
        )
        supervisor.start(
            "gateway-cap", "gateway", "cap", "--home", home, "--city", self.city,
            "--files", str(private_folder(self.home / WARNINGS)),
        )
        outlets = self.home / OUTLETS
        if not outlets.exists():  # disaster messages of the demo go to a folder, and are exercises
            outlets.write_text('[outlets.folder]\nfolder = "messages"\n', "utf-8")
        supervisor.start("share", "share", "--home", home, "serve", "--port", "0")
        supervisor.start("history", "history", "--home", home, "--city", self.city, "--keep-gib", HISTORY_GIB)
        ensure_authority(self.home / "keys" / "handoff", tuple(profile.agencies))
        for agency in profile.agencies.values():
            words = ["agency", "--as", "112" if agency.kind == "police" else "119", "--id", agency.id,
                     "--home", home, "--register", str(self.home / "partners.toml"),
                     "--language", self.language, "--viewer", f"{agency.id}, duty officer"]
            words += [] if self.agency_windows else ["--headless", "--answers", "demo"]
            supervisor.start(f"agency-{agency.id}", *words)

    def _let_panes_come(self, supervisor: Supervisor) -> None:
        """On two cores whatever else starts meanwhile delays the first pictures; they are not waited for
        long."""
        until = time.monotonic() + PANES_FIRST_S
        while time.monotonic() < until and not self.stopping.asked and supervisor.look() is None:
            if self._figures(f"desk-{self.desk}").get("all_panes_s", 0.0) > 0:
                return
            self.stopping.wait(0.1)

    def _wait(self, what: str, supervisor: Supervisor, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + START_WITHIN_S
        while not ready():
            ended = supervisor.look()
            if ended is not None or self.stopping.asked:
                raise StageError(f"The {ended or 'demo'} ended before {what} was there. See {self.home}/log.")
            if time.monotonic() > until:
                raise StageError(f"{what} did not come up within {START_WITHIN_S:g} s. See {self.home}/log.")
            self.stopping.wait(0.02)

    def _run(
        self, supervisor: Supervisor, board: Board, operator: DemoOperator, warner: DemoWarner,
        citizens: Citizens,
    ) -> tuple[float, float]:
        started_ns = time.monotonic_ns()
        memory = 0.0
        sampled_ns = started_ns
        while not self.stopping.wait(STEP_S):
            board.drain(50.0)
            if not self.hands_on:
                operator.step()
                citizens.step(board.state, operator.port)
            warner.step()
            if supervisor.look() is not None:
                break
            now = time.monotonic_ns()
            if now - sampled_ns > 5 * SECOND_NS:
                sampled_ns = now
                memory = max(memory, pss_mb([os.getpid(), *supervisor.pids().values()]))
            if self.for_s is not None and (now - started_ns) / SECOND_NS >= self.for_s:
                break
        board.drain(1000.0)
        return (time.monotonic_ns() - started_ns) / SECOND_NS, memory

    def _summary(
        self, supervisor: Supervisor, profile: Profile, board: Board, seconds: float, memory: float,
        citizens: Citizens,
    ) -> Summary:
        shown = self._figures(f"desk-{self.desk}")
        before = self._desk_started_after_s(supervisor)
        state, health = board.state, board.health
        reached = stages(state)
        wall = len(profile.desks[self.desk].wall)
        problems = [f"{one.name} was given up after repeated deaths" for one in supervisor.children.values()
                    if one.given_up]
        if health is None:
            problems.append("the hub was never heard")
        elif not health.ledger_ok:
            problems.append("the ledger could not be written")
        if not shown:
            problems.append("the desk left no figures")
        elif shown.get("panes_moving", 0) < wall - 1:
            problems.append(f"{shown.get('panes_moving', 0)} of {wall} panes were moving")
        recorder = self._figures("recorder")
        recorded, wanted = int(recorder.get("recorded", 0)), int(recorder.get("cameras", 0))
        if seconds > RECORDED_WITHIN_S and (recorded < wanted or not wanted):
            problems.append(f"{recorded} of {wanted} cameras were recorded")
        if recorder.get("disk", "ok") != "ok":
            problems.append(f"the disk of the recorder is {recorder['disk']}: {recorder.get('problem', '')}")
        return Summary(
            cameras_recorded=recorded, cameras_to_record=wanted,
            city=self.city, seconds=round(seconds, 1), panes=wall,
            panes_moving=int(shown.get("panes_moving", 0)),
            decisions=health.entries if health else 0, readings=health.readings if health else 0,
            incidents=state.incident_count,
            reports_sent=citizens.sent, reports_answered=citizens.answers_seen,
            incidents_by_type=dict(Counter(one.type for one in state.incidents.values())),
            handoffs_sent=reached["sent"], handoffs_received=reached["received"],
            handoffs_accepted=reached["accepted"], drops=dict(health.drops) if health else {},
            refused=dict(health.refused) if health else {},
            lost_batches=(health.lost_batches if health else 0) + board.lost_batches,
            restarts=supervisor.restarts,
            ui_gap_p99_ms=float(shown.get("ui_gap_p99_ms", 0.0)),
            ui_gap_max_ms=float(shown.get("ui_gap_max_ms", 0.0)),
            window_s=_after(shown.get("window_s", 0.0), before),
            first_picture_s=_after(shown.get("first_picture_s", 0.0), before),
            all_panes_s=_after(shown.get("all_panes_s", 0.0), before),
            memory_pss_mb=round(memory, 1), problems=tuple(problems),
        )

    def _desk_started_after_s(self, supervisor: Supervisor) -> float:
        """How long after the demo's own process the desk's was started: the figures count from the former."""
        pid = supervisor.pids().get("desk")
        if pid is None:
            return 0.0
        return psutil.Process(pid).create_time() - psutil.Process().create_time()

    def _figures(self, name: str) -> dict[str, Any]:
        try:
            found = msgspec.json.decode((self.home / "run" / f"{name}.json").read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        return found if isinstance(found, dict) else {}


def operator_seat(profile: Profile, shown: str) -> str:
    """The desk the demo's own operator sits at: not the one that is shown; a supervisor's if there is
    one, because orders to devices need the right of a role."""
    others = [one for one in profile.desks.values() if one.id != shown] or list(profile.desks.values())
    return next((one.id for one in others if one.role == "supervisor"), others[0].id)


def recorded_cameras(profile: Profile, wall: Sequence[str], story: Story) -> tuple[str, ...]:
    """The cameras the demo records: the desk's wall, those the story shows something on, and those that an
    incident of the story opens with."""
    shown = [feed.camera for chapter in story.chapters for feed in chapter.feeds]
    main = [chapter for chapter in story.chapters if not chapter.every_s]
    places = [profile.devices[chapter.device].place.position for chapter in main]
    near = [one for place in places for one in nearest_cameras(profile, place, CAMERAS_PER_INCIDENT)]
    return tuple(dict.fromkeys((*wall, *shown, *near)))


def _after(since_desk_s: Any, before_s: float) -> float:
    return round(float(since_desk_s) + before_s, 3) if since_desk_s else 0.0
