"""What the desk says of the gateways: which outside worlds are heard, and what of them could not be used.
Qt-free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.language import Catalogue
from console.model.gateway import GatewayStanding
from console.report.gateways import cause_words, gateway_name
from widgets.kit.moments import Moments
from widgets.shell.troubles import Level, Trouble

if TYPE_CHECKING:
    from console.desk.board import Board

_PRIORITY = {"down": 2, "silent": 2}


class Gateways:
    """Reads the board's state. UI thread."""

    def __init__(self, board: Board, catalogue: Catalogue, moments: Moments) -> None:
        self._board, self._catalogue, self._moments = board, catalogue, moments

    def item(self) -> tuple[str, Level, str]:
        """Value, level and sentences of the status bar, of all gateways together: a line for each."""
        say, standings = self._catalogue.say, self._board.state.gateways
        up = sum(one.report.state == "up" for one in standings.values())
        refused = sum(one.report.refusals for one in standings.values())
        value = f"{up}/{len(standings)}"
        if refused:
            value += " · " + say("shell.status.gateway.refused", count=f"{refused:,}")
        level: Level = "up" if up == len(standings) else "degraded"
        if any(one.report.state in _PRIORITY for one in standings.values()):
            level = "down"
        lines = [say("shell.status.gateway.hint")]
        for name, standing in sorted(standings.items()):
            lines += self._lines(name, standing)
        return value, level, "\n".join(lines)

    def troubles(self, now_ns: int) -> list[Trouble]:
        """What has to be said across the top of the window: a gateway that is down or silent."""
        return [
            self._trouble(
                f"gateway_{standing.report.state}", _PRIORITY[standing.report.state],
                gateway=gateway_name(self._catalogue, name, standing.report),
                age=self._moments.age(standing.since_ns, now_ns),
                at=self._moments.clock(standing.since_ns), peer=standing.report.peer or "-",
                why=self._catalogue.words(standing.report.why) or "-", kind=standing.report.kind,
            )
            for name, standing in sorted(self._board.state.gateways.items())
            if standing.report.state in _PRIORITY
        ]  # fmt: skip

    def _lines(self, name: str, standing: GatewayStanding) -> list[str]:
        report = standing.report
        state = self._catalogue.say(
            f"shell.status.gateway.{report.state}", at=self._moments.clock(standing.since_ns)
        )
        peer = f" · {report.peer}" if report.peer else ""
        lines = [f"{gateway_name(self._catalogue, name, report)}: {state}{peer}"]
        lines += [
            f"   {one.count:,} × {cause_words(self._catalogue, one.cause)}: {one.example}"
            for one in report.refused
        ]
        return lines

    def _trouble(self, name: str, priority: int, **fields: Any) -> Trouble:
        say = self._catalogue.say
        parts = (say(f"shell.trouble.{name}.{part}", **fields) for part in ("happened", "affected", "act"))
        return Trouble(name, priority, *parts)
