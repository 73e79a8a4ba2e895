"""What the desk says of the recorders of pictures: how many cameras are kept, and what is wrong. Qt-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.language import Catalogue
from console.model.recording import RecorderStanding
from console.report.describe import missing_words
from widgets.kit.moments import Moments
from widgets.shell.troubles import Level, Trouble

if TYPE_CHECKING:
    from console.desk.board import Board

NAMED = 3
_DISK_PRIORITY = {"full": 1, "failing": 1, "slow": 2, "low": 2}


class Recorders:
    """Reads the board's state. UI thread."""

    def __init__(self, board: Board, catalogue: Catalogue, moments: Moments) -> None:
        self._board, self._catalogue, self._moments = board, catalogue, moments

    def item(self) -> tuple[str, Level, str]:
        """Value, level and sentence of the status bar, of all recorders together."""
        say, standings = self._catalogue.say, tuple(self._board.state.recorders.values())
        hint = say("shell.status.recorder.hint")
        if not standings or self._board.link == "connecting":
            value = say("shell.status.recorder.none" if self._board.link == "live" else "kit.unknown")
            return value, "unknown", hint
        for state in ("silent", "stopped"):
            away = [one for one in standings if one.report.state == state]
            if away and len(away) == len(standings):
                age = self._moments.age(away[0].since_ns, self._board.clock.now_ns())
                return say(f"shell.status.recorder.{state}", age=age), "down", hint
        reports = [one.report for one in standings]
        recorded = sum(one.recorded for one in reports if one.state == "recording")
        cameras = sum(one.cameras for one in reports)
        worst: Level = "up" if recorded == cameras else "degraded"
        if any(one.disk in ("low", "slow") or one.state != "recording" for one in reports):
            worst = "degraded"
        if any(one.disk in ("full", "failing") for one in reports):
            worst = "down"
        return f"{recorded:,}/{cameras:,}", worst, hint

    def troubles(self, now_ns: int) -> list[Trouble]:
        """What has to be said across the top of the window."""
        found: list[Trouble] = []
        for name, standing in sorted(self._board.state.recorders.items()):
            found += self._of(name, standing, now_ns)
        return found

    def _of(self, name: str, standing: RecorderStanding, now_ns: int) -> list[Trouble]:
        report = standing.report
        if report.state != "recording":
            priority = 1 if report.state == "silent" else 2
            fields = {
                "age": self._moments.age(standing.since_ns, now_ns), "cameras": report.cameras,
                "at": self._moments.clock(standing.since_ns), "recorder": name,
            }  # fmt: skip
            return [self._trouble(f"recorder_{report.state}", priority, **fields)]
        found = []
        if report.disk != "ok":
            free = f"{report.free_bytes / 1e9:.1f}"
            found.append(
                self._trouble(
                    f"recorder_{report.disk}", _DISK_PRIORITY[report.disk], recorder=name, free=free,
                    problem=report.problem or "-",
                )
            )  # fmt: skip
        missing = report.cameras - report.recorded
        if missing and report.disk not in ("full", "failing"):
            names = [
                f"{self._name(one.camera_id)} ({missing_words(self._catalogue, one.reason)})"
                for one in report.missing[:NAMED]
            ]
            if missing > len(names):
                names.append(self._catalogue.say("report.recorder.more", count=missing - len(names)))
            told = {"count": missing, "cameras": report.cameras, "names": ", ".join(names)}
            found.append(self._trouble("recorder_missing", 2, **told))
        return found

    def _name(self, camera_id: str) -> str:
        device = self._board.profile.devices.get(camera_id)
        return camera_id if device is None else self._catalogue.words(device.name)

    def _trouble(self, name: str, priority: int, **fields: Any) -> Trouble:
        say = self._catalogue.say
        parts = (say(f"shell.trouble.{name}.{part}", **fields) for part in ("happened", "affected", "act"))
        return Trouble(name, priority, *parts)
