"""What the time line shows of each camera's footage: spans from the disk, locks from disk and record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.footage.watch import FootageWatch
from widgets.kit.permits import Stretch
from widgets.replay.coverage import Coverage
from widgets.replay.rows import Lock, Row

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.language import Catalogue


class FootageRows:
    """Makes the rows anew when something changed, else gives those it made. UI thread only."""

    def __init__(self, watch: FootageWatch, board: Board, catalogue: Catalogue) -> None:
        self._watch, self._board, self._catalogue = watch, board, catalogue
        self._made: tuple[Row, ...] = ()
        self._key: tuple[object, ...] = ()
        self._coverage: dict[str, tuple[object, Coverage]] = {}
        self._wanted: Stretch | None = None

    def want(self, camera_ids: tuple[str, ...], shown: Stretch) -> None:
        """Look at this stretch and as much on both sides, so that a pan does not wait."""
        span = shown.to_ns - shown.from_ns
        wanted = self._wanted
        roomy = wanted is not None and wanted.holds(shown) and wanted.to_ns - wanted.from_ns <= 6 * span
        if not roomy:
            wanted = self._wanted = Stretch(max(1, shown.from_ns - span), shown.to_ns + span)
        assert wanted is not None
        self._watch.wanted(camera_ids, wanted.from_ns, wanted.to_ns)

    def rows(self, camera_ids: tuple[str, ...]) -> tuple[Row, ...]:
        """One row a camera, in order."""
        watch = self._watch
        locks = self._board.state.footage_locks
        key = (camera_ids, watch.version, self._catalogue.language, tuple(locks))
        if key != self._key:
            self._key = key
            self._made = tuple(self._row(one) for one in camera_ids)
        return self._made

    def edges(self, camera_ids: tuple[str, ...]) -> tuple[int, int] | None:
        """The oldest and newest picture of any of these."""
        found = [edges for edges in map(self._watch.edges_of, camera_ids) if edges is not None]
        return (min(one[0] for one in found), max(one[1] for one in found)) if found else None

    def problem(self, camera_ids: tuple[str, ...]) -> str:
        """What of their footage cannot be used; empty when all can."""
        for problem in self._watch.problems:
            if problem.camera_id in camera_ids:
                return f"{problem.camera_id}: {problem.file}"
        return ""

    def _row(self, camera_id: str) -> Row:
        watch = self._watch
        device = self._board.profile.devices.get(camera_id)
        name = self._catalogue.words(device.place.name) if device is not None else camera_id
        edges = watch.edges_of(camera_id)
        return Row(
            camera_id=camera_id, name=name, coverage=self._covered(camera_id), known=watch.knows(camera_id),
            locks=self._locks(camera_id), newest_ns=edges[1] if edges is not None else 0,
        )  # fmt: skip

    def _covered(self, camera_id: str) -> Coverage:
        spans = self._watch.spans_of(camera_id)
        known = self._coverage.get(camera_id)
        if known is None or known[0] != spans:
            known = self._coverage[camera_id] = spans, Coverage(spans)
        return known[1]

    def _locks(self, camera_id: str) -> tuple[Lock, ...]:
        told = self._board.state.footage_locks
        found = {
            one.id: Lock(one.id, one.from_ns, one.to_ns, one.person, one.reason)
            for one in told.values() if camera_id in one.camera_ids
        }  # fmt: skip
        for span in self._watch.locks_of(camera_id):
            found.setdefault(span.lock_id, Lock(span.lock_id, span.from_ns, span.to_ns))
        return tuple(sorted(found.values(), key=lambda lock: lock.from_ns))
