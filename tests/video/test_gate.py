"""How often lost cameras are tried again, over all decoding processes together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from console.video.gate import OpeningGate, new_gate
from console.video.streams import OpeningLimits

PROGRAM = (
    "import os, sys, threading, time\n"
    "from console.video.gate import OpeningGate\n"
    "from console.video.streams import OpeningLimits\n"
    "gate = OpeningGate(int(sys.argv[1]), OpeningLimits(again_per_second=float(sys.argv[2]),"
    " at_once=int(sys.argv[3])))\n"
    "def one():\n"
    "    with gate.again(threading.Event()):\n"
    "        os.write(1, b'%.9f\\n' % time.monotonic())\n"  # one write: lines of two threads stay apart
    "        time.sleep(float(sys.argv[4]))\n"
    "threads = [threading.Thread(target=one) for _ in range(int(sys.argv[5]))]\n"
    "[thread.start() for thread in threads]\n"
    "[thread.join() for thread in threads]\n"
)


@pytest.fixture
def gate() -> Iterator[int]:
    handle = new_gate()
    yield handle
    os.close(handle)


def process(gate: int, rate: float, at_once: int, held_s: float, attempts: int) -> subprocess.Popen[str]:
    words = [str(gate), str(rate), str(at_once), str(held_s), str(attempts)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, text=True, pass_fds=(gate,)
    )


def test_two_processes_together_try_no_more_often_than_allowed(gate: int) -> None:
    both = [process(gate, 20, 64, 0.0, 20) for _ in range(2)]
    times = sorted(float(line) for one in both for line in one.communicate()[0].split())
    assert len(times) == 40
    # Turns are given 1/20 s apart; a thread may take its turn late, but never early.
    assert times[-1] - times[0] >= 39 / 20 - 0.1
    assert [one.returncode for one in both] == [0, 0]


def test_no_more_than_allowed_wait_for_an_answer_at_once(gate: int) -> None:
    held_s = 0.3
    both = [process(gate, 1000, 3, held_s, 6) for _ in range(2)]
    times = sorted(float(line) for one in both for line in one.communicate()[0].split())
    assert len(times) == 12
    for first, fourth in zip(times, times[3:], strict=False):
        assert fourth - first >= held_s * 0.9


def test_the_places_of_a_killed_process_are_free_again(
    gate: int, wait_until: Callable[..., object]
) -> None:
    holder = process(gate, 1000, 2, 600.0, 2)
    assert holder.stdout is not None
    assert holder.stdout.readline()
    assert holder.stdout.readline()
    ours = OpeningGate(gate, OpeningLimits(again_per_second=1000, at_once=2))
    entered, ended = threading.Event(), threading.Event()

    def enter() -> None:
        with ours.again(ended):
            entered.set()

    thread = threading.Thread(target=enter)
    thread.start()
    assert not entered.wait(0.3)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    wait_until(entered.is_set, lambda: "the place", 20.0)
    thread.join()


def test_who_is_no_longer_wanted_does_not_wait_for_his_turn(gate: int) -> None:
    slow = OpeningGate(gate, OpeningLimits(again_per_second=0.01, at_once=4))
    ended = threading.Event()
    with slow.again(ended):
        pass
    ended.set()
    began_s = time.monotonic()
    with slow.again(ended):
        pass
    assert time.monotonic() - began_s < 50
