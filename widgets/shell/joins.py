"""What joins two features that do not know each other: small QObjects with one slot, held by the seat."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QWidget

from widgets.kit.actions import Actions
from widgets.kit.sharedclock import SharedClock

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.casequeue import CaseQueue


LEAST_URGENT = 4


class Chooser(Protocol):
    """The queue, as far as it concerns us here."""

    def current_incident(self) -> str: ...

    def select(self, incident_id: str) -> bool: ...


class LastTouch(QObject):
    """Whether a key was pressed or the mouse used in a window since `forget`. Watches the native window,
    which
    hears of input only, so that it costs nothing while pictures are painted.
    """

    TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin)

    def __init__(self, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.touched = False
        window.winId()  # there is no native window before somebody asks for it
        window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in self.TOUCHES:
            self.touched = True
        return False

    def forget(self) -> None:
        self.touched = False


class OpenMostUrgent(QObject):
    """While the operator has chosen no incident, the most urgent one nobody acknowledged is opened for him,
    and
    a more urgent one in its place.

    As soon as a hand is on keyboard or mouse, what is open stays open: news only appears in the queue.
    """

    def __init__(
        self, chooser: QWidget, board: Board, cases: CaseQueue, news: object, touch: LastTouch,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._chooser = weakref.ref(chooser)
        self._board, self._cases, self._touch = board, cases, touch
        self._opened = ""
        news.connect(self.look)  # type: ignore[attr-defined]

    @Slot()
    def look(self) -> None:
        chooser: Chooser | None = self._chooser()  # type: ignore[assignment]
        if chooser is None:
            return
        self._cases.follow()
        first = self._board.state.cases.get(self._cases.first_new())
        if first is None:
            return
        current = chooser.current_incident()
        outdone = self._may_replace(current) and first.priority < self._priority(current)
        if (not current or outdone) and chooser.select(first.id):
            self._opened = first.id
            self._touch.forget()

    def _may_replace(self, incident_id: str) -> bool:
        return incident_id == self._opened and not self._touch.touched

    def _priority(self, incident_id: str) -> int:
        """Of the incident that is open; the least urgent where the state has forgotten it."""
        shown = self._board.state.incidents.get(incident_id)
        return shown.priority if shown is not None else LEAST_URGENT


class Picked(Protocol):
    """Where the operator's hand is on the panes."""

    @property
    def camera_id(self) -> str: ...


class Opened(Protocol):
    """The incident that is open."""

    @property
    def incident_id(self) -> str: ...


class IntoReplay(QObject):
    """Brings cameras to the replay page: the selected pane's, or the open incident's from before it began."""

    BEFORE_NS = 10_000_000_000
    """What led to it is the question; the recorder locks as much before an incident by itself."""

    def __init__(
        self, show_page: Callable[[str], QWidget], picked: Picked, opened: Opened, board: Board,
        actions: Actions, owner: QWidget, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._show_page = weakref.WeakMethod(show_page)
        self._picked, self._opened = weakref.ref(picked), weakref.ref(opened)
        self._board = board
        for name, key, handler in (("add", "Ctrl+P", self.add), ("incident", "Ctrl+I", self.incident)):
            actions.add(
                f"replay.{name}", f"replay.do.{name}", key, handler, owner=owner, group="replay.group"
            )

    @Slot()
    def add(self) -> None:
        """The camera of the selected pane joins the page."""
        picked = self._picked()
        if picked is not None and picked.camera_id:
            self._page().add_cameras((picked.camera_id,))

    @Slot()
    def incident(self) -> None:
        """The open incident's cameras, from ten seconds before it was opened."""
        opened = self._opened()
        incident = self._board.state.incidents.get(opened.incident_id) if opened is not None else None
        if incident is not None and incident.camera_ids:
            self._page().show_cameras(
                incident.camera_ids, incident.opened_at_ns - self.BEFORE_NS, purpose=f"incident {incident.id}"
            )

    def _page(self) -> Any:
        show_page = self._show_page()
        assert show_page is not None, "the window outlives its acts"
        return show_page("replay")


class BringCameras(QObject):
    """From a map or a list to the wall that the operator works at."""

    def __init__(
        self, bring: Callable[[tuple[str, ...]], None], turns: Callable[[tuple[str, ...], float], None],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._bring, self._turns = bring, turns

    @Slot(object, float)
    def take_turns(self, camera_ids: tuple[str, ...], dwell_s: float) -> None:
        self._turns(camera_ids, dwell_s)

    @Slot(object)
    def bring(self, camera_ids: tuple[str, ...]) -> None:
        self._bring(camera_ids)


class FollowIncident(QObject):
    """From an incident's cameras to the hot spots of walls: the nearest one is shown large."""

    def __init__(self, follow: Callable[[str], None], wanted: object, parent: QObject) -> None:
        super().__init__(parent)
        self._follow = follow
        wanted.connect(self.look)  # type: ignore[attr-defined]

    @Slot(object)
    def look(self, camera_ids: tuple[str, ...]) -> None:
        if camera_ids:
            self._follow(camera_ids[0])


class ShowHistory(QObject):
    """From an incident's detail to its whole history in Review."""

    def __init__(self, show_review: Callable[[], QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._show_review = weakref.WeakMethod(show_review)

    @Slot(str)
    def show(self, incident_id: str) -> None:
        show_review = self._show_review()
        if show_review is not None:
            show_review().show_history(incident_id)  # type: ignore[attr-defined]


class ShowIncident(QObject):
    """From what waits in the status bar to its incident in the detail; one that has left the queue is shown
    there all the same."""

    def __init__(
        self, show_operate: Callable[[], object], queue: QWidget, detail: QWidget, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._show_operate = weakref.WeakMethod(show_operate)  # type: ignore[arg-type]
        self._queue, self._detail = weakref.ref(queue), weakref.ref(detail)

    @Slot(str)
    def show(self, incident_id: str) -> None:
        show_operate, detail = self._show_operate(), self._detail()
        chooser: Chooser | None = self._queue()  # type: ignore[assignment]
        if show_operate is None or detail is None or chooser is None:
            return
        show_operate()
        if not chooser.select(incident_id):
            detail.show_incident(incident_id)  # type: ignore[attr-defined]
        detail.focus_acts()  # type: ignore[attr-defined]


class ShareMoment(QObject):
    """Joins the replay page to the moment all look at: it says where it is, and goes where others put it
    while
    it is in sight with cameras."""

    NAME = "replay"

    def __init__(self, page: QWidget, clock: SharedClock, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._clock = weakref.ref(page), clock
        page.position_changed.connect(self._told)  # type: ignore[attr-defined]
        clock.moved.connect(self._moved)

    @Slot(object)
    def _told(self, at_ns: int) -> None:
        self._clock.put(at_ns, self.NAME)

    @Slot(object, str)
    def _moved(self, at_ns: int | None, by: str) -> None:
        page: Any = self._page()
        if by == self.NAME or at_ns is None or page is None:
            return
        if page.isVisible() and page.camera_ids:
            page.hand.seek(at_ns)
