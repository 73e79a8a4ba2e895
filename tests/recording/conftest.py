"""What the recording's tests write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from console.clock import SteppedClock
from console.model import events as ev
from console.recording import Recorder

ABOUT = {"city": "suwon", "profile_digest": "5f3a"}


def frames(sequence: int, count: int = 50, sent_ns: int = 0) -> list[bytes]:
    """A columnar batch as it travels: header, points, values, taken_at_ns, quality."""
    chance = np.random.default_rng(sequence)
    header = {
        "source": "gw-1", "sequence": sequence, "sent_ns": sent_ns, "count": count, "profile_digest": "5f3a"
    }  # fmt: skip
    return [
        msgspec.msgpack.encode(header),
        np.arange(count, dtype="<u4").tobytes(),
        chance.normal(20, 5, count).astype("<f8").tobytes(),
        (sent_ns + chance.integers(0, 10**9, count)).astype("<i8").tobytes(),
        chance.integers(0, 3, count).astype("u1").tobytes(),
    ]


def entry(seq: int, at_ns: int, text: str = "메모", run: str = "run-1") -> ev.Entry:
    return ev.Entry(
        run=run, seq=seq, at_ns=at_ns, cause=ev.Cause(actor="person:김민준"),
        event=ev.IncidentNoted(incident_id="I-1", person="김민준", text=text),
    )  # fmt: skip


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture
def record(folder: Path, clock: SteppedClock) -> Iterator[Callable[..., Recorder]]:
    """`record(**limits)` starts a recorder in the folder; it is closed at the end of the test."""
    made: list[Recorder] = []

    def start(**limits: object) -> Recorder:
        made.append(Recorder(folder, clock, about=ABOUT, **limits))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for one in made:
        one.close()
