"""Digits typed on the wall: a pane's number at once, a camera's number with Enter. Qt-free; monotonic ns."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.kit.cameranumber import MOST_DIGITS, camera_number

#: Digits typed within this time are one number: 1, 2 is pane 12.
DIGITS_WITHIN_NS = 1_200_000_000
#: So long after the last digit Enter still means the camera of this number.
ENTER_WITHIN_NS = 4_000_000_000


class CameraNumbers:
    """Which cameras have a number: the last run of digits of the id, so CCTV-0123 is 123. Ids of several
    kinds may share one (CAM-PARK-0001, CAM-MKT-0001): then the operator chooses."""

    def __init__(self, camera_ids: Iterable[str]) -> None:
        self._of: dict[int, list[str]] = {}
        for camera_id in camera_ids:
            number = camera_number(camera_id)
            if number:
                self._of.setdefault(number, []).append(camera_id)

    def find(self, number: int) -> tuple[str, ...]:
        """All cameras of this number, in the order of the city's file."""
        return tuple(self._of.get(number, ()))


class Typed:
    """The digits typed so far. `started_at` is the place that was selected before the first of them: a camera
    that is called comes there."""

    def __init__(self) -> None:
        self.text = ""
        self.started_at = 0
        self._at_ns = 0

    def digit(self, digit: str, selected: int, now_ns: int) -> None:
        """One more digit. After a pause a new number begins."""
        if not self.text or now_ns - self._at_ns >= DIGITS_WITHIN_NS or len(self.text) >= MOST_DIGITS:
            self.text, self.started_at = "", selected
        self.text += digit
        self._at_ns = now_ns

    def pane(self, panes: int) -> int:
        """The pane that is meant, from 1; 0 for none. What does not fit begins anew: 1, 7 on a wall of 16 is
        pane 7."""
        for start in range(len(self.text)):
            if self.text[start] != "0" and int(self.text[start:]) <= panes:
                return int(self.text[start:])
        return 0

    def number(self, now_ns: int) -> int:
        """The camera's number that Enter calls; 0 when nothing was typed lately."""
        if not self.text or now_ns - self._at_ns >= ENTER_WITHIN_NS:
            return 0
        return int(self.text)

    def forget(self) -> None:
        self.text = ""
