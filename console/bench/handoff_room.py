"""A hub, a partner and an operator without a window, as real processes and a real desk link."""

from __future__ import annotations

import re
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import msgspec

from console.bench.room import Room, wait
from console.cityname import city_named
from console.clock import SystemClock
from console.desk.inbound import AnswerCame, EntryCame, Inbound, LinkChanged, SnapshotCame
from console.desk.link import HubLink
from console.model import commands as do
from console.model import events as ev
from console.model.base import Words
from console.model.commands import Command, Refused
from console.profile import Profile, load_profile
from console.wire.keys import ensure_peer_key

AGENCY = "KR-112"
_NUMBERED = re.compile(r"case-[0-9]{6}")
ANSWERS = """
about = "At once, for a measurement."
mode = "normal"
[pace]
open_s = {open}
accept_s = {accept}
dispatch_s = {dispatch}
arrive_s = {arrive}
close_s = {close}
cancel_s = 0.3
"""


class Operator:
    """Sends orders and hears the log, as a desk does. One thread; `look` lets in what came."""

    def __init__(self, home: Path, profile: Profile, name: str = "desk-1") -> None:
        self.inbox: deque[Inbound] = deque()
        self.profile = profile
        self._link = HubLink(home, ensure_peer_key(home, name, "desk"), "kim", self.inbox, SystemClock())
        self.live = False
        self.opened: dict[str, str] = {}
        """Incident by the words it was opened with, also where only a snapshot tells of it."""
        self.came: dict[tuple[str, str], float] = {}
        """(hand-off, event kind): when its first entry came, monotonic seconds."""
        self.refused: list[str] = []
        self.answers: set[str] = set()
        self._link.start()

    def close(self) -> None:
        self._link.close()

    def request(self, command: Command) -> str:
        return self._link.request(command)

    def look(self) -> None:
        now = time.monotonic()
        while self.inbox:
            match self.inbox.popleft():
                case EntryCame(entry=entry):
                    self._entry(entry, now)
                case AnswerCame(answer=answer):
                    self.answers.add(answer.id)
                    if isinstance(answer, Refused):
                        self.refused.append(f"{answer.code}: {answer.reason.en}")
                case LinkChanged(state=state):
                    self.live = state == "live"
                case SnapshotCame(state=state):
                    for incident in state.incidents.values():
                        self._opened(incident.id, incident.reasons)
                    for thread in state.threads.values():
                        for kind, at_ns in (
                            ("handoff.drafted", thread.drafted_ns), ("handoff.queued", thread.queued_ns),
                            ("handoff.received", thread.receipt_ns),
                        ):  # fmt: skip
                            if at_ns:
                                self.came.setdefault((thread.id, kind), now)
                case _:
                    pass

    def _entry(self, entry: ev.Entry, now: float) -> None:
        event = entry.event
        if isinstance(event, ev.CaseOpened):
            self._opened(event.incident_id, (event.says,) if event.says is not None else ())
        handoff_id = getattr(event, "handoff_id", "")
        if handoff_id:
            self.came.setdefault((handoff_id, ev.kind_of(event)), now)

    def _opened(self, incident_id: str, reasons: Iterable[Words]) -> None:
        for each in reasons:
            found = _NUMBERED.search(each.en)
            if found is not None:
                self.opened[found[0]] = incident_id

    def until(self, true: Callable[[], object], what: str, within_s: float = 30.0) -> None:
        """Look until it is so. Raises RuntimeError."""
        end = time.monotonic() + within_s
        while not true():
            if time.monotonic() > end:
                raise RuntimeError(f"{what}: not within {within_s:g} s; refused: {self.refused[-3:]}")
            if not self.inbox:
                time.sleep(0.0005)
            self.look()

    def open_incident(self, number: int, of_type: str = "person_down") -> str:
        """An incident of its own, by hand, at another camera each time; answers its id."""
        cameras = sorted(self.profile.cameras)
        camera = cameras[(number * 37) % len(cameras)]
        text = f"case-{number:06d}"
        self.request(
            do.OpenCase(type=of_type, opened_from="command", device_id=camera, text=text)
        )
        self.until(lambda: text in self.opened, f"incident {number}", 60)
        return self.opened[text]


class HandoffRoom:
    """Starts and ends the processes. `kill` is a power cut of one of them."""

    def __init__(self, place: Room, profile: Profile) -> None:
        self.place, self.home, self.profile = place, place.home, profile
        self.hub: Popen[bytes] | None = None
        self.agency: Popen[bytes] | None = None
        self.ready_file = self.home / "agency.json"

    def start_hub(self) -> None:
        self.home.joinpath("run", "hub.json").unlink(missing_ok=True)
        self.hub = self.place.hub("--city", "suwon", "--no-recording")

    def start_agency(self, *more: str, ready: bool = True) -> None:
        self.ready_file.unlink(missing_ok=True)
        self.agency = self.place.start(
            "agency", "--as", "112", "--home", str(self.home), "--headless", "--answers",
            str(self.home / "answers.toml"), "--ready-file", str(self.ready_file), *more,
        )
        if ready:
            wait("the agency", self.ready_file.exists, self.agency)

    def pace(self, accept: float = 0.2, opened: float = 0.1, dispatch: float = 0.2, arrive: float = 0.2,
             close: float = 0.2) -> None:  # fmt: skip
        """How soon the partner answers, seconds from step to step."""
        self.home.joinpath("answers.toml").write_text(
            ANSWERS.format(open=opened, accept=accept, dispatch=dispatch, arrive=arrive, close=close)
        )

    def door(self) -> str:
        """Where the hub's door for partners is now; "" while it is not there."""
        try:
            said = msgspec.json.decode((self.home / "run" / "hub.json").read_bytes())
        except (OSError, msgspec.DecodeError):
            return ""
        return str(said.get("partner_door", ""))

    def agency_url(self) -> str:
        """Where the partner's door is now; "" while it is not there."""
        try:
            return str(msgspec.json.decode(self.ready_file.read_bytes())["url"])
        except (OSError, msgspec.DecodeError, KeyError):
            return ""

    @staticmethod
    def kill(process: Popen[bytes] | None) -> None:
        """As a power cut: no chance to tidy up."""
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()


@contextmanager
def handoff_room(place: Room) -> Iterator[HandoffRoom]:
    """Of one data folder; the processes end with `place`."""
    yield HandoffRoom(place, load_profile(city_named("suwon")))
