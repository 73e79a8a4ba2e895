"""How a gateway is: whether the other side answers, and what of it could not be used. Told to every desk."""

from __future__ import annotations

import logging
import threading

from console.clock import SECOND_NS, Clock
from console.gateways.link import GatewayLink
from console.model.base import Words
from console.model.gateway import LONGEST_EXAMPLE, MOST_CAUSES, GatewayReport, GatewayState, RefusedInput

COUNTS_EVERY_NS = 30 * SECOND_NS
"""Counts that grow are told again after this; a new cause and a change of state at once."""
OTHER = "other"
"""Counted here when there are more causes than are told."""

_log = logging.getLogger("bongsu.gateway")


class GatewayHealth:
    """What a gateway says of itself. `step` about once a second; all methods from any thread.

    `kind` is the sort of outside world ("mqtt", "cap", "open311"). An example names the place (topic, file
    and line, field) and what was wrong; it must hold no secret.
    """

    def __init__(self, link: GatewayLink, kind: str, clock: Clock) -> None:
        self._link, self._kind, self._clock = link, kind, clock
        self._lock = threading.Lock()
        self._state: GatewayState | None = None
        self._peer, self._why = "", Words(en="", ko="")
        self._refused: dict[str, tuple[int, str]] = {}
        self._told: GatewayReport | None = None
        self._told_ns = 0

    def up(self, peer: str) -> None:
        """The other side answers. `peer`: where it is, as a person would find it, without a password."""
        self._change("up", Words(en="", ko=""), peer)

    def down(self, why: Words, peer: str = "") -> None:
        """The other side does not answer, or does not let us in."""
        self._change("down", why, peer)

    def refuse(self, cause: str, example: str, count: int = 1) -> None:
        """Count input that could not be used. The first of a cause is logged and told at once."""
        with self._lock:
            if cause not in self._refused and len(self._refused) >= MOST_CAUSES - 1:
                cause = OTHER
            before = self._refused.get(cause)
            self._refused[cause] = ((before[0] if before else 0) + count, example[:LONGEST_EXAMPLE])
        if before is None:
            _log.warning("Refused (%s): %s", cause, example[:LONGEST_EXAMPLE])
            self.step()

    def refused(self) -> dict[str, int]:
        """What was refused since the start, by cause."""
        with self._lock:
            return {cause: count for cause, (count, _) in self._refused.items()}

    def step(self) -> None:
        """Tell what has changed. Counts alone are told at most every 30 s."""
        with self._lock:
            if self._state is None:
                return
            report = GatewayReport(
                state=self._state, kind=self._kind, peer=self._peer, why=self._why,
                refused=tuple(
                    RefusedInput(cause=cause, count=count, example=example)
                    for cause, (count, example) in sorted(self._refused.items())
                ),
            )  # fmt: skip
            now, told = self._clock.mono_ns(), self._told
            if told == report:
                return
            if told is not None and told.says_what(report) and now - self._told_ns < COUNTS_EVERY_NS:
                return
            self._told, self._told_ns = report, now
            self._link.say(report)

    def _change(self, state: GatewayState, why: Words, peer: str) -> None:
        with self._lock:
            self._peer = peer or self._peer
            if (state, why) == (self._state, self._why):
                return
            self._state, self._why = state, why
            peer = self._peer
        if state == "up":
            _log.info("%s: up.", peer)
        else:
            _log.warning("%s: %s", peer, why.en)
        self.step()
