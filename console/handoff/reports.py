"""How the courier tells the hub: reports out of its thread, and the answer that a report is on disk
back into it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from console.model.fact import CourierReport

Done = Callable[[bool], None]
Report = Callable[[CourierReport, Done], None]
"""Called in the courier's thread and must not block it. `done(True)` once the fact is on disk,
`done(False)` when it could not be kept; from any thread, once or more often, at once or later."""


class Reporter:
    """Used on the courier's loop only."""

    def __init__(self, report: Report, commit_s: float) -> None:
        self._report = report
        self._commit_s = commit_s

    def tell(self, report: CourierReport) -> asyncio.Future[bool]:
        """Give the report; the future holds what `done` said."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[bool] = loop.create_future()

        def settle(ok: bool) -> None:
            if not kept.done():
                kept.set_result(ok)

        def done(ok: bool) -> None:
            try:
                loop.call_soon_threadsafe(settle, ok)
            except RuntimeError:
                pass  # the courier has stopped meanwhile; nobody waits any more

        self._report(report, done)
        return kept

    async def kept(self, future: asyncio.Future[bool]) -> bool:
        """Whether the report is on disk, waiting for at most the profile's time; the future stays usable."""
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._commit_s)
        except TimeoutError:
            return False
