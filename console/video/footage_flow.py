"""The recorded pictures of one camera on their way to its panes, and what can be said about them."""

from __future__ import annotations

import time

import av

from console.video.flow import DAMAGED_FOR_NS, Flow


class FootageFlow(Flow):
    """Shows a picture of the recording, or that there is none. The decoding thread only.

    What a live picture is judged by (age, freezing, a covered lens) is not: it was so when it was recorded.
    """

    shown_wall_ns = 0
    _told = ("", "")
    _behind = False

    def show_taken(
        self, frame: av.VideoFrame, wall_ns: int, due_mono_ns: int, at_mono_ns: int = 0,
        size: tuple[int, int] = (0, 0),
    ) -> None:  # fmt: skip
        """Put a picture that was taken at `wall_ns` into every pane, to be seen from `at_mono_ns` on; `size`
        is the camera's own where the picture was made smaller on the way."""
        self.width, self.height = size if size[0] else (frame.width, frame.height)
        for output in self.outputs.values():
            output.put(frame, self.aspect, due_mono_ns, wall_ns, time.monotonic_ns(), at_mono_ns)
        self.shown_wall_ns = wall_ns
        self.shown_ns = time.monotonic_ns()
        self._shown += 1
        self._lag_ns = max(0, self.shown_ns - due_mono_ns)
        self._least_lag_ns = min(self._least_lag_ns, self._lag_ns)
        self._say("recorded", "")

    def blank(self, state: str, reason: str) -> None:
        """Show no picture: none belongs to the moment that is asked for, or it is not there yet."""
        for output in self.outputs.values():
            output.pane.blank()
        self.shown_wall_ns = 0
        self._say(state, reason)

    def take_back(self) -> None:
        """A picture that was laid ready belongs to a moment that will not come."""
        for output in self.outputs.values():
            output.pane.take_back()

    def is_behind(self, behind: bool) -> None:
        """Whether this machine decodes less than is asked for."""
        self._behind = behind

    def _say(self, state: str, reason: str) -> None:
        self.phase = (state, reason)
        if (state, reason) != self._told:
            self._told = (state, reason)
            self.tend(time.monotonic_ns())

    def _judge(self, now_ns: int) -> tuple[str, str]:
        if self.phase is not None and self.phase[0] == "recorded":
            if now_ns - self._corrupt_ns < DAMAGED_FOR_NS:
                return "recorded", "corrupt_pictures"
            if self._behind:
                return "recorded", "this_machine"
        return super()._judge(now_ns)
