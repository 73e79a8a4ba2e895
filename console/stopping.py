"""A wish to stop that a signal handler may make while the same thread waits for it.

`threading.Event` may not be set in a handler: the handler runs in the thread that waits, perhaps while that
holds the event's own lock, and then both wait for ever.
"""

from __future__ import annotations

import os
import select
import signal


class Stopping:
    """`ask` from signal handlers and any thread; `wait` in one thread."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._asked = False

    def ask(self, *_: object) -> None:
        """Wish to stop. Fits as a signal handler; asking again changes nothing."""
        self._asked = True
        try:
            os.write(self._writer, b"!")
        except (BlockingIOError, OSError):
            pass  # asked many times, or just closed

    @property
    def asked(self) -> bool:
        """Whether somebody wishes to stop."""
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Wait until somebody asks, at most so long; whether somebody did."""
        if not self._asked:
            select.select([self._reader], [], [], max(0.0, seconds))
        return self._asked

    def on_signals(self) -> None:
        """Be asked by SIGTERM and SIGINT. Main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.ask)

    def close(self) -> None:
        """Close the descriptors, once: a number that was given back belongs to somebody else."""
        handles = (self._reader, self._writer)
        self._reader = self._writer = -1
        for handle in handles:
            if handle >= 0:
                os.close(handle)
