"""How a gateway is: what it says of itself, and what the hub says when it falls silent."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record, Words

GatewayState = Literal["up", "down", "stopped", "silent"]
"""down: the other side does not answer or does not let us in; stopped: somebody ended the gateway; silent:
the gateway itself has not been heard for ten seconds."""
MOST_CAUSES = 24
LONGEST_EXAMPLE = 240


class RefusedInput(Record, frozen=True, kw_only=True):
    """Input that could not be used, of one cause, since the gateway's start.

    `example` is the newest: where it was (topic, file and line, field) and what was wrong with it.
    """

    cause: str
    count: int
    example: str


class GatewayReport(Record, frozen=True, kw_only=True):
    """What a gateway says. `kind` is the sort of outside world ("mqtt"), `peer` where the other side is."""

    state: GatewayState
    kind: str
    peer: str = ""
    why: Words = Words(en="", ko="")
    refused: tuple[RefusedInput, ...] = ()

    def says_what(self, other: GatewayReport) -> bool:
        """Whether both say the same, counts and examples that change all the time left aside."""
        return (
            self.state == other.state and self.kind == other.kind and self.peer == other.peer
            and self.why == other.why
            and {one.cause for one in self.refused} == {one.cause for one in other.refused}
        )  # fmt: skip

    @property
    def refusals(self) -> int:
        """Everything that was refused since the gateway's start."""
        return sum(one.count for one in self.refused)


class GatewayStanding(Record, frozen=True, kw_only=True):
    """What is known of a gateway, and since when it is in this state."""

    report: GatewayReport
    since_ns: int
