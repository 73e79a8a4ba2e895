"""What rules were worth on their cameras or devices, as the hub counts it from verdicts."""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import events as ev
from console.model.casework import Clue
from console.model.query import AskPrecision, PrecisionPage, RulePrecision
from widgets.kit.pulse import Pulse

COUNTED = (ev.IncidentVerified, ev.IncidentResolved, ev.IncidentsMerged, ev.IncidentSplit)
"""After these the counts may be others."""


class RuleWorth(QObject):
    """Asks the hub at the start, and at most once a second after verdicts.

    Signals:
        changed: other counts.
    """

    changed = Signal()

    def __init__(
        self, board: Board, port: DeskPort, pulse: Pulse, catalogue: Catalogue, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self._rows: dict[tuple[str, str, str], RulePrecision] = {}
        self._page: PrecisionPage | None = None
        self._asked = ""
        self._due = True
        self._news = board.news_count
        pulse.incidents_changed.connect(self._listen)
        pulse.looked_up.connect(self._came)
        pulse.second_passed.connect(self._ask)

    def words(self, clue: Clue) -> str:
        """"Real 7 of 52 in 30 days, at night"; "" for a clue without a rule and a camera or device, and
        before anything is known of them.
        """
        rule, place = clue.counted_on
        page = self._page
        if page is None or (rule, place, page.part) not in self._rows:
            return ""
        return self.of(rule, place)

    def of(self, rule: str, device_id: str) -> str:
        """The same of a rule on a camera or device, also where no verdict is known of it; "" before the hub
        has answered."""
        page = self._page
        if page is None or not rule or not device_id:
            return ""
        row, say = self._rows.get((rule, device_id, page.part)), self._catalogue.say
        judged = row.real + row.false if row is not None else 0
        if row is None or row.share is None:
            worth = say("casework.precision.few", judged=judged)
        else:
            worth = say("casework.precision.share", real=row.real, judged=judged, days=page.days)
        return f"{worth}, {say(f'casework.precision.{page.part}')}"

    @Slot()
    def _listen(self) -> None:
        news, fresh = self._board.news, self._board.news_count - self._news
        self._news = self._board.news_count
        last = islice(news, max(0, len(news) - fresh), None)
        if fresh > len(news) or any(isinstance(one.event, COUNTED) for one in last):
            self._due = True

    @Slot()
    def _ask(self) -> None:
        if self._due and not self._asked and self._board.link == "live":
            self._due = False
            self._asked = self._port.ask(AskPrecision())

    @Slot(object)
    def _came(self, ids: tuple[str, ...]) -> None:
        if self._asked not in ids:
            return
        came = self._board.take_page(self._asked)
        self._asked = ""
        if came is not None and isinstance(came.page, PrecisionPage):
            self._page = came.page
            self._rows = {(one.rule, one.camera_id, one.part): one for one in came.page.rows}
            self.changed.emit()
