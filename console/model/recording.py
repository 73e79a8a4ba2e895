"""How a recorder of pictures is: what it says of itself, and what the hub says when it falls silent."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record

RecorderState = Literal["recording", "stopped", "silent"]
DiskState = Literal["ok", "low", "slow", "full", "failing"]
"""low: nothing more may be freed and little is left; slow: packets were left out because the disk did not
take those before them; full and failing: it refused what was to be written."""
MOST_TOLD = 50
"""So many cameras that are not recorded are named; the counts are of all."""


class CameraMissing(Record, frozen=True, kw_only=True):
    """A camera that is not recorded. `since_ns` is its newest picture on disk (0: there is none).

    `reason` is one of those the wall tells a pane's trouble by, or "connecting", "no_key", "ended",
    "no_source", "disk".
    """

    camera_id: str
    since_ns: int
    reason: str


class RecorderReport(Record, frozen=True, kw_only=True):
    """What a recorder says. `problem` is the system's own word for what is wrong with the disk."""

    state: RecorderState
    cameras: int = 0
    recorded: int = 0
    missing: tuple[CameraMissing, ...] = ()
    disk: DiskState = "ok"
    problem: str = ""
    free_bytes: int = 0
    kept_bytes: int = 0
    locked_bytes: int = 0
    oldest_ns: int = 0

    def says_what(self, other: RecorderReport) -> bool:
        """Whether both say the same, figures that change all the time left aside."""
        return (
            self.state == other.state and self.cameras == other.cameras and self.disk == other.disk
            and self.recorded == other.recorded and self.problem == other.problem
            and {(one.camera_id, one.reason) for one in self.missing}
            == {(one.camera_id, one.reason) for one in other.missing}
        )  # fmt: skip


class RecorderStanding(Record, frozen=True, kw_only=True):
    """What is known of a recorder, and since when it is so."""

    report: RecorderReport
    since_ns: int
