"""The page "Shares": requests that wait, shares in force with who looks now, and the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QItemSelection, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.commands import (
    ApproveRequest,
    ChangeRequestCameras,
    ChangeShareCameras,
    Command,
    Refused,
    RefuseRequest,
    RevokeShare,
)
from widgets.kit.actions import Actions
from widgets.kit.exportstrip import ExportStrip
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.shares.cameras import CameraTicks
from widgets.shares.detail import ShareDetail
from widgets.shares.ledger import Field, LedgerModel
from widgets.shares.model import Column, ShareModel
from widgets.shares.refusing import GROUP, ReasonStrip
from widgets.shares.rows import VIEWS, Line, may_approve, may_lift
from widgets.shares.taking import LedgerTaking, MakePdf

WIDTHS_PX = {
    Column.STATE: 76, Column.LEFT: 92, Column.AGENCY: 80, Column.SERVICE: 144, Column.CAMERAS: 64,
    Column.LOOKING: 150, Column.ASKED: 72, Column.ID: 150,
}  # fmt: skip
LEDGER_PX = {
    Field.AT: 132, Field.FILE_NAME: 170, Field.RECIPIENT: 180, Field.PURPOSE: 140, Field.PERIOD: 210,
    Field.FORM: 92, Field.OFFICER: 80,
}  # fmt: skip
LESS_BELOW_PX = {Column.ID: 1000, Column.ASKED: 900, Column.CAMERAS: 700}
LIST_PX, DETAIL_PX = 720, 460
_ACTS = ("approve", "refuse", "revoke", "cameras", "lift", "wall", "map", "incident")


class SharesPage(QWidget):
    """UI thread only.

    Signals:
        cameras_wanted(tuple): these are to be shown on the wall.
        place_wanted(Position): this point is to be shown on the map.
        incident_wanted(str): this incident is to be opened.
    """

    cameras_wanted = Signal(object)
    place_wanted = Signal(object)
    incident_wanted = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, folder: Path, make_pdf: MakePdf, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`folder`: where exports are offered to be put."""
        super().__init__(parent)
        self.setObjectName("shares")
        self._board, self._port, self._actions, self._catalogue = board, port, actions, catalogue
        self._asked: dict[str, str] = {}
        self._refusal = ""
        self.model = ShareModel(board, catalogue, tokens, moments, self)
        self.ledger = LedgerModel(board, pulse, port, catalogue, moments, self)
        self.view = QComboBox(self)
        self.count = ElidedLabel(self, size="small", ink="dim")
        self.empty = label(self, ink="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.table, self.book = QTableView(self), QTableView(self)
        self.detail = ShareDetail(board, catalogue, tokens, moments, self)
        self.ticks = CameraTicks(board, catalogue, self)
        self.reason = ReasonStrip(board, actions, catalogue, tokens, self)
        self.status = label(self)
        self.status.setWordWrap(True)
        self.export = ExportStrip(
            "shares.file", GROUP, board, pulse, port, actions, catalogue, tokens, folder, self
        )
        self.taking = LedgerTaking(board, catalogue, moments, self.ledger, self.export, make_pdf)
        self._add_acts(actions)
        self._build_tables(tokens)
        self._lay_out(actions, tokens)
        self.setFocusProxy(self.table)
        self.view.currentIndexChanged.connect(self._view_changed)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.table.installEventFilter(self)
        self.ticks.ticked.connect(self._tell)
        self.reason.given.connect(self._reason_given)
        for part in (self.reason, self.export):
            part.left.connect(self._back_to_list)
        self.ledger.loaded.connect(self._tell)
        pulse.incidents_changed.connect(self._look)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._look)
        tokens.changed.connect(self.table.viewport().update)
        self._forget_words = follow(catalogue, self._retext)
        self._look()

    # what can be done

    @property
    def chosen(self) -> Line | None:
        """The chosen line as it stands, None where none is."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.line(rows[0].row()) if rows and self._view() != "ledger" else None

    @Slot()
    def approve(self) -> None:
        """Let the pictures out, with the cameras that are ticked."""
        line = self.chosen
        if line is None or not line.request.waits:
            return
        if self.ticks.differs:
            self._ask(ChangeRequestCameras(request_id=line.request.id, camera_ids=self.ticks.chosen))
        self._ask(ApproveRequest(request_id=line.request.id))

    @Slot()
    def refuse(self) -> None:
        """Say no, with a reason the partner reads."""
        if self.chosen is not None and self.chosen.request.waits:
            self.reason.begin("refuse")

    @Slot()
    def revoke(self) -> None:
        """Take a share back at once: one key, its reason is that it is not needed any more."""
        line = self.chosen
        if line is not None and line.share is not None and line.share.in_force:
            words = self._catalogue.say("shares.revoke.over")
            self._ask(RevokeShare(share_id=line.share.id, reason=words))

    @Slot()
    def revoke_with_reason(self) -> None:
        """Take a share back, with another reason."""
        line = self.chosen
        if line is not None and line.share is not None and line.share.in_force:
            self.reason.begin("revoke")

    @Slot()
    def lift(self) -> None:
        """Approve without masks, with a reason."""
        line = self.chosen
        if line is not None and line.request.waits and may_lift(self._board, line.request):
            self.reason.begin("lift")

    @Slot()
    def change_cameras(self) -> None:
        """Give the cameras that are ticked, and no others."""
        line = self.chosen
        if line is None or not self.ticks.differs:
            return
        if line.request.waits:
            self._ask(ChangeRequestCameras(request_id=line.request.id, camera_ids=self.ticks.chosen))
        elif line.share is not None and line.share.in_force:
            self._ask(ChangeShareCameras(share_id=line.share.id, camera_ids=self.ticks.chosen))

    @Slot()
    def show_wall(self) -> None:
        """See on the wall what the partner is to see, or sees."""
        if self.chosen is not None:
            self.cameras_wanted.emit(self.ticks.chosen or self._cameras(self.chosen))

    @Slot()
    def show_map(self) -> None:
        if self.chosen is not None:
            self.place_wanted.emit(self.chosen.request.wish.position)

    @Slot()
    def show_incident(self) -> None:
        if self.chosen is not None and self.chosen.request.incident:
            self.incident_wanted.emit(self.chosen.request.incident)

    @Slot()
    def export_csv(self) -> None:
        """Take the ledger out as a table."""
        if self._view() == "ledger" and not self.ledger.loading:
            self.taking.ask("csv")

    @Slot()
    def export_pdf(self) -> None:
        """Take the ledger out to be printed."""
        if self._view() == "ledger" and not self.ledger.loading:
            self.taking.ask("pdf")

    def show_request(self, request_id: str) -> bool:
        """Choose this request, among all of them where the list does not show it; whether it is known."""
        if self.model.row_of(request_id) < 0 or self._view() == "ledger":
            self.view.setCurrentIndex(VIEWS.index("requests"))
            self._look()
        row = self.model.row_of(request_id)
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
        return row >= 0

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.reason.release()
        self.export.release()

    # how it follows

    def _view(self) -> str:
        return VIEWS[max(0, self.view.currentIndex())]

    @Slot()
    def _view_changed(self) -> None:
        view = VIEWS[max(0, self.view.currentIndex())]
        self.stack.setCurrentWidget(self.book if view == "ledger" else self.table)
        self.side.setVisible(view != "ledger")
        if view == "ledger":
            self.ledger.load()
        else:
            self.model.look(view)
            self._choose_first()
        self._tell()

    @Slot()
    def _look(self) -> None:
        if self._view() == "ledger":
            return
        kept = self.chosen
        if self.model.look() and kept is not None:
            row = self.model.row_of(kept.id)
            if row >= 0:
                self.table.selectRow(row)
        if self.chosen is None:
            self._choose_first()
        if self.isVisible():
            self._tell()

    def _choose_first(self) -> None:
        if self.model.rowCount() and self.chosen is None:
            self.table.selectRow(0)

    def showEvent(self, event: object) -> None:
        self._look()
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            wide = self.table.viewport().width()
            for column, least in LESS_BELOW_PX.items():
                self.table.setColumnHidden(column, wide < least)
        return False

    @Slot(QItemSelection, QItemSelection)
    def _chosen_changed(self, *_: object) -> None:
        self._refusal = ""
        self._tell()

    @Slot()
    def _back_to_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is sent

    def _ask(self, command: Command) -> None:
        self._refusal = ""
        self._asked[self._port.request(command)] = "shares.pending"
        self._tell()

    @Slot(str, str, str)
    def _reason_given(self, wanted: str, code: str, reason: str) -> None:
        line = self.chosen
        if line is None:
            return
        if wanted == "refuse":
            refusal: Any = code
            self._ask(RefuseRequest(request_id=line.request.id, code=refusal, reason=reason))
        elif wanted == "lift":
            self._ask(ApproveRequest(request_id=line.request.id, lift_masks=True, reason=reason))
        elif line.share is not None:
            self._ask(RevokeShare(share_id=line.share.id, reason=reason))

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if self._asked.pop(answer.id, "") and isinstance(answer, Refused):
                self._refusal = self._catalogue.words(answer.reason)
        self._tell_status()

    # what it says

    @Slot()
    def _tell(self) -> None:
        line, board = self.chosen, self._board
        waits = line is not None and line.request.waits
        in_force = line is not None and line.share is not None and line.share.in_force
        blocked = may_approve(board, board.person, line.request) if line is not None else ""
        self.detail.show_line(line)
        self.ticks.show_line(line, bool(waits or in_force))
        self.ticks.setVisible(line is not None)
        can = {
            "approve": waits and not blocked and bool(self.ticks.chosen),
            "refuse": waits and blocked != "supervisor_only",
            "revoke": in_force, "revoke_why": in_force,
            "cameras": (waits or in_force) and self.ticks.differs and bool(self.ticks.chosen),
            "lift": waits and not blocked and line is not None and may_lift(board, line.request),
            "wall": line is not None, "map": line is not None,
            "incident": line is not None and bool(line.request.incident),
        }  # fmt: skip
        ledger = self._view() == "ledger" and not self.ledger.loading
        can |= dict.fromkeys(("csv", "pdf"), ledger and bool(self.ledger.views))
        for name, enabled in can.items():
            self._actions.enable(f"shares.{name}", bool(enabled))
        self._tell_count()
        self._tell_status(blocked)

    def _tell_count(self) -> None:
        say, state = self._catalogue.say, self._board.state
        view = self._view()
        if view == "ledger":
            if self.ledger.problem:
                text = say("shares.count.problem", problem=self.ledger.problem)
            else:
                key = "loading" if self.ledger.loading else "cut" if self.ledger.cut else "ledger"
                text = say(f"shares.count.{key}", count=f"{len(self.ledger.views):,}")
        else:
            waiting = sum(one.waits for one in state.requests.values())
            in_force = sum(one.in_force for one in state.shares.values())
            text = say("shares.count.now", waiting=waiting, in_force=in_force, looking=len(state.viewing))
        self.count.setText(text)
        shown = self.ledger.rowCount() if view == "ledger" else self.model.rowCount()
        self.stack.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self.empty.setText(say(f"shares.empty.{view}"))

    def _tell_status(self, blocked: str = "") -> None:
        say = self._catalogue.say
        text = say("shares.pending") if self._asked else self._refusal
        if not text and blocked and self.chosen is not None and self.chosen.request.waits:
            text = say(f"shares.blocked.{blocked}")
        self.status.setText(text)
        self.status.setVisible(bool(text))
        bad = bool(self._refusal) and not self._asked
        style(self.status, ink="p2" if bad else "dim", weight="bold" if bad else "")

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("shares.title"))
        self.table.setAccessibleName(say("shares.title"))
        self.book.setAccessibleName(say("shares.views.ledger"))
        self.ticks.setAccessibleName(say("shares.cameras"))
        self.view.setAccessibleName(say("shares.view"))
        self.view.blockSignals(True)
        for number, name in enumerate(VIEWS):
            text = say(f"shares.views.{name}")
            if number < self.view.count():
                self.view.setItemText(number, text)
            else:
                self.view.addItem(text)
        self.view.blockSignals(False)
        self.model.reword()
        self.ledger.reword()
        self._tell()

    @staticmethod
    def _cameras(line: Line) -> tuple[str, ...]:
        told = line.share.cameras if line.share is not None else line.request.cameras
        return tuple(one.camera_id for one in told)

    # how it is built

    def _add_acts(self, actions: Actions) -> None:
        for name, key, handler in (
            ("approve", "Alt+A", self.approve), ("refuse", "Alt+R", self.refuse),
            ("revoke", "Alt+X", self.revoke), ("revoke_why", "Alt+Shift+X", self.revoke_with_reason),
            ("cameras", "Alt+L", self.change_cameras), ("lift", "Alt+Shift+A", self.lift),
            ("wall", "Alt+C", self.show_wall), ("map", "Alt+M", self.show_map),
            ("incident", "Alt+I", self.show_incident), ("csv", "Alt+E", self.export_csv),
            ("pdf", "Alt+Shift+E", self.export_pdf),
        ):  # fmt: skip
            actions.add(
                f"shares.{name}", f"shares.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True,
            )  # fmt: skip

    def _build_tables(self, tokens: Tokens) -> None:
        elide = Qt.TextElideMode.ElideRight
        self.table.setObjectName("shares-table")
        self.table.setModel(self.model)
        quieten(self.table, tokens, Column.PLACE, elide=elide)
        for column, wide in WIDTHS_PX.items():
            self.table.setColumnWidth(column, wide)
        self.book.setObjectName("shares-ledger")
        self.book.setModel(self.ledger)
        quieten(self.book, tokens, Field.LEGAL_BASIS, elide=elide)
        for field, wide in LEDGER_PX.items():
            self.book.setColumnWidth(field, wide)

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        space = tokens.space(1)
        bar = QHBoxLayout()
        bar.setContentsMargins(2 * space, space, 2 * space, space)
        bar.setSpacing(space)
        self.view.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        bar.addWidget(self.view)
        bar.addWidget(self.count, 1)
        for name in ("csv", "pdf"):
            bar.addWidget(actions.button(f"shares.{name}", self, role="quiet"))
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.book)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.export)
        column.addWidget(self.reason)
        column.addWidget(self.stack, 1)
        column.addWidget(self.empty, 1)
        self.side = QWidget(self)
        side = QVBoxLayout(self.side)
        side.setContentsMargins(2 * space, space, 2 * space, space)
        side.setSpacing(space)
        acts = QWidget(self.side)
        flow = FlowLayout(space)
        acts.setLayout(flow)
        for name in _ACTS:
            role = "" if name in ("approve", "refuse", "revoke") else "quiet"
            flow.addWidget(actions.button(f"shares.{name}", self, role=role))
        side.addWidget(acts)
        side.addWidget(self.status)
        inner = QWidget(self)
        style(inner, role="panel")
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, space, 0)
        body.setSpacing(space)
        body.addWidget(self.detail)
        body.addWidget(self.ticks, 1)
        scroll = QScrollArea(self.side)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        side.addWidget(scroll, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([LIST_PX, DETAIL_PX])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
