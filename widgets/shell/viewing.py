"""Nobody sees a picture before the view is on the record: asks the hub for each camera, then lets it be
shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot

from console.language import Catalogue
from console.model.base import Words
from console.model.commands import Accepted, Answer, Command, ReportCamera, StartViewing, StopViewing
from widgets.kit.pulse import Pulse

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort


class Surface(Protocol):
    """What shows cameras: the wall, or an incident's strip."""

    @property
    def camera_ids(self) -> tuple[str, ...]: ...

    def allow(self, camera_ids: tuple[str, ...]) -> None: ...

    def deny(self, camera_ids: tuple[str, ...], why: str) -> None: ...

    def ask_again(self) -> None: ...


class Viewing(QObject):
    """The desk's viewing log: StartViewing before the first picture, StopViewing after the last surface let
    go.

    A camera that two surfaces show is asked for by both and ended once. A hub that started anew has forgotten
    who looks at what: everything shown is put on its record again. UI thread only.
    """

    def __init__(
        self, board: Board, port: DeskPort, pulse: Pulse, catalogue: Catalogue, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self._surfaces: list[tuple[Surface, Callable[[], str]]] = []
        self._asked: dict[str, tuple[Surface, tuple[str, ...]]] = {}
        self._run = ""
        pulse.answered.connect(self._answered)
        pulse.incidents_changed.connect(self._look_run)
        pulse.presence_changed.connect(self._look_run)

    def add(self, surface: Surface, purpose: Callable[[], str]) -> None:
        """Serve a surface; `purpose` says what its cameras are looked at for, at the time they are asked
        for.
        """
        self._surfaces.append((surface, purpose))

    def remove(self, surface: Surface) -> None:
        """Serve a surface no longer: its window is closed. What nobody shows any more is ended on the
        record."""
        ids = surface.camera_ids
        self._surfaces = [each for each in self._surfaces if each[0] is not surface]
        self._asked = {id_: each for id_, each in self._asked.items() if each[0] is not surface}
        self.stop(ids)

    def start(self, surface: Surface, camera_ids: tuple[str, ...]) -> None:
        """A surface wants to show these cameras."""
        purpose = next(said for each, said in self._surfaces if each is surface)
        asked = self._port.request(StartViewing(camera_ids=tuple(camera_ids), purpose=purpose()))
        self._asked[asked] = surface, tuple(camera_ids)

    def stop(self, camera_ids: tuple[str, ...]) -> None:
        """A surface no longer shows these cameras."""
        shown = Counter(one for surface, _ in self._surfaces for one in surface.camera_ids)
        gone = tuple(one for one in camera_ids if not shown[one])
        if gone:
            self._port.request(StopViewing(camera_ids=gone))

    def report(self, camera_id: str, condition: str, why: Words) -> None:
        """This desk's decoder found a picture frozen, gone, or good again."""
        self._port.request(ReportCamera(camera_id=camera_id, condition=condition, why=why))  # type: ignore[arg-type]

    @Slot(object)
    def _answered(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        for _, answer in pairs:
            asked = self._asked.pop(answer.id, None)
            if asked is None:
                continue
            surface, camera_ids = asked
            if isinstance(answer, Accepted):
                surface.allow(camera_ids)
            else:
                surface.deny(camera_ids, self._catalogue.words(answer.reason))

    @Slot()
    def _look_run(self) -> None:
        run = self._board.state.run
        if run == self._run:
            return
        renewed, self._run = bool(self._run), run
        if renewed:
            for surface, _ in self._surfaces:
                if surface.camera_ids:
                    self.start(surface, surface.camera_ids)
