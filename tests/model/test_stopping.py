"""A wish to stop can be made by a signal while the same thread waits for it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from console.stopping import Stopping

PROGRAM = """
from console.stopping import Stopping
stopping = Stopping()
stopping.on_signals()
print("ready", flush=True)
while not stopping.wait(0.0001):
    pass
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_loop_that_waits_all_the_time(number: int):
    for _ in range(10):
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout as said:
            assert said.readline() == b"ready\n"
            process.send_signal(number)
            assert said.readline() == b"stopped\n"
        assert process.wait(10) == 0


def test_it_is_asked_once_and_stays_asked():
    stopping = Stopping()
    try:
        assert not stopping.wait(0.0)
        thread = threading.Thread(target=stopping.ask)
        thread.start()
        assert stopping.wait(10.0)
        thread.join()
        for _ in range(100_000):
            stopping.ask()  # more often than a pipe holds
        assert stopping.asked and stopping.wait(5.0)
    finally:
        stopping.close()
