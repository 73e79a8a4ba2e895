"""`bongsu replay FILE`: a recording enters by the same door as reality, at any speed, from any moment."""

from __future__ import annotations

import argparse
import sys
from collections import deque
from datetime import datetime
from pathlib import Path

import msgspec

from console.clock import SECOND_NS, Clock, SystemClock
from console.gateways.link import GatewayLink
from console.logs import log_to
from console.model.fact import ReplayedEntry
from console.paths import home as default_home
from console.recording import Recorded, RecordingError, describe, read_recording
from console.stopping import Stopping
from console.telemetry.table import Columns
from console.wire.batch import BatchError, read_batch
from console.wire.keys import KeyFileError, ensure_peer_key

IN_FLIGHT = 2_000
"""Entries sent and not yet on the hub's disk; more wait here, so that a fast replay loses nothing."""


class Replay:
    """Plays one recording into a link. `step` sends what is due; `finished` when all of it is on disk."""

    def __init__(
        self, path: Path, link: GatewayLink, clock: Clock, speed: float, from_ns: int, session: str
    ) -> None:
        self._path, self._link, self._clock = path, link, clock
        self._speed, self._from_ns, self._session = speed, from_ns, session
        self._waiting: deque[Recorded] = deque()
        self._round = 0
        self.entries = 0
        self.batches = 0
        self._begin()

    def _begin(self) -> None:
        self._source = iter(read_recording(self._path))
        self._done = False
        self._zero_ns: int | None = None
        self._began_ns = self._clock.mono_ns()

    def again(self) -> None:
        """Start over (the next round of a loop)."""
        self._round += 1
        self._begin()

    @property
    def finished(self) -> bool:
        return self._done and not self._waiting and self._link.waiting_facts == 0

    def step(self) -> float:
        """Send what is due; seconds until the next is (0 when it waits for the hub instead)."""
        while True:
            if not self._waiting and not self._more():
                return 0.05
            recorded = self._waiting[0]
            wait_s = self._wait_s(recorded.log_ns)
            if wait_s > 0:
                return min(wait_s, 0.25)
            if self._link.waiting_facts >= IN_FLIGHT:
                return 0.0
            self._send(self._waiting.popleft())

    def _more(self) -> bool:
        if self._done:
            return False
        recorded = next(self._source, None)
        if recorded is None:
            self._done = True
            return False
        self._waiting.append(recorded)
        return True

    def _wait_s(self, at_ns: int) -> float:
        """Everything before `from` is sent at once: the state of that moment is made of it."""
        if at_ns < self._from_ns:
            return 0.0
        if self._zero_ns is None:
            self._zero_ns = at_ns
            self._began_ns = self._clock.mono_ns()
        played_ns = (self._clock.mono_ns() - self._began_ns) * self._speed
        return (at_ns - self._zero_ns - played_ns) / SECOND_NS / self._speed

    def _send(self, recorded: Recorded) -> None:
        if recorded.entry is not None:
            entry = recorded.entry
            uid = f"{self._session}/{self._round}/{entry.run}/{entry.seq}"
            self._link.report(ReplayedEntry(uid=uid, entry=entry))
            self.entries += 1
        elif recorded.batch is not None and recorded.log_ns >= self._from_ns:
            try:
                _, columns = read_batch(recorded.batch)
            except BatchError:
                return
            now = self._clock.now_ns()
            shift = now - recorded.log_ns
            taken = columns.taken_at_ns + shift
            self._link.publish(Columns(columns.points, columns.values, taken, columns.quality))
            self.batches += 1


def run(argv: list[str]) -> int:
    """Play a file into the hub of a data folder (one started with --follow). 0 when all of it is there."""
    parser = argparse.ArgumentParser(prog="bongsu replay", description=__doc__)
    parser.add_argument("file", type=Path, help="a recording (*.mcap)")
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--speed", type=float, default=1.0, help="0.1 to 100")
    parser.add_argument("--from", dest="from_", default="", metavar="T",
                        help="ISO 8601 with offset, or seconds after the beginning")
    parser.add_argument("--loop", action="store_true", help="begin again at the end")
    told = parser.parse_args(argv)
    if not 0.1 <= told.speed <= 100:
        parser.error(f"--speed {told.speed:g}: expected 0.1 to 100")
    log_to(told.home, "replay")
    clock = SystemClock()
    stopping = Stopping()
    stopping.on_signals()
    try:
        facts = describe(told.file)
        from_ns = _moment(told.from_, facts.first_ns)
        key = ensure_peer_key(told.home, "replay", "replay")
    except (RecordingError, KeyFileError, ValueError) as problem:
        print(f"The replay did not start. {problem}", file=sys.stderr)
        return 1
    link = GatewayLink(told.home, key, "replay", facts.about.get("profile_digest", ""), clock)
    link.start()
    try:
        while not link.connected.wait(0.1) and not stopping.asked:
            pass
        replay = Replay(told.file, link, clock, told.speed, from_ns, str(clock.now_ns()))
        while not stopping.asked:
            wait_s = replay.step()
            if replay.finished:
                if not told.loop:
                    break
                replay.again()
            stopping.wait(wait_s or 0.001)
    except RecordingError as problem:
        print(f"The replay stopped. {problem}", file=sys.stderr)
        return 1
    finally:
        link.close(wait_s=5.0)
    refused = link.refused
    print(
        msgspec.json.encode(
            {"entries": replay.entries, "batches": replay.batches, "refused": len(refused),
             "why": next(iter(refused.values()), "")}
        ).decode()
    )
    return 1 if refused else 0


def _moment(text: str, first_ns: int) -> int:
    """Nanoseconds since 1970 of what --from says. Raises ValueError."""
    if not text:
        return 0
    try:
        return first_ns + int(float(text) * SECOND_NS)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--from {text!r}: expected ISO 8601 with offset, or seconds") from None
    if moment.tzinfo is None:
        raise ValueError(f"--from {text!r}: the offset is missing (as in 2026-11-22T18:00:00+09:00)")
    return int(moment.timestamp() * SECOND_NS)
