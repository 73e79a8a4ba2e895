"""The selected incident: its head, the acts on it, and below them a place for each part in order of need."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QStackedLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.casework import Case, Clue
from console.model.handoff import Handoff
from console.model.incident import Incident
from widgets.incidents.acts import ActBar
from widgets.incidents.clues import Clues
from widgets.incidents.doing import Doing
from widgets.incidents.facts import Facts
from widgets.incidents.head import Head
from widgets.incidents.inline import Inline
from widgets.incidents.lines import latest_handoffs
from widgets.incidents.pending import PendingActs
from widgets.incidents.places import DetailPlaces, SectionName
from widgets.incidents.steps import story
from widgets.incidents.told import Told
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.kit.worth import RuleWorth


class DetailPanel(QWidget):
    """One incident, pulled from the board. A command shows as pending until its event has come.

    Signals:
        cameras_wanted(tuple[str, ...]): the cameras to show in the area given to `set_camera_area`, best
            first; empty when nothing is selected.
        history_wanted(str): the person wants the whole history of this incident in Review.
        clue_opened(Clue): the person wants to see where a clue came from.
        incident_wanted(str): the person wants to see a linked incident.
        incident_changed(str): another incident is shown now, "" for none. Parts that were given a place by
            `place_section` follow it, and read the board by themselves.
    """

    clue_opened = Signal(object)
    incident_wanted = Signal(str)
    incident_changed = Signal(str)
    cameras_wanted = Signal(object)
    history_wanted = Signal(str)

    def __init__(
        self, board: Board, cases: CaseQueue, pulse: Pulse, port: DeskPort, actions: Actions,
        catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._cases = cases
        self._board, self._port, self._catalogue, self._actions = board, port, catalogue, actions
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._texts = Texts(catalogue)
        self.incident_id = ""
        self._shown: Incident | None = None
        self._case: Case | None = None
        self._worth: RuleWorth | None = None
        self._cameras: tuple[str, ...] = ()
        self.pending = PendingActs(board)
        self.setObjectName("detail")
        style(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts.put(self, accessibleName="incidents.detail.title")
        self.head = Head(board, cases, catalogue, tokens)
        self.facts = Facts(board, catalogue, tokens)
        self.inline = Inline(cases.told.claim.reason_least, actions, catalogue, tokens)
        self.doing = Doing(
            board, cases, port, self.inline, self.pending, catalogue, self._moments, self
        )  # fmt: skip
        handlers = {**self.doing.handlers(), "history": self.ask_history}
        self.acts = ActBar(board.profile, actions, catalogue, tokens, self, handlers)
        self.clues = Clues(board, cases, actions, catalogue, tokens, self._precision)
        self.notice = label()
        self.notice.setWordWrap(True)
        self._lay_out(tokens)
        self.doing.changed.connect(self._asked)
        self.inline.left.connect(self._inline_left)
        self.clues.clue_opened.connect(self.clue_opened)
        self.clues.incident_opened.connect(self.incident_wanted)
        pulse.incidents_changed.connect(self._incidents_changed)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._each_second)
        pulse.blinked.connect(self.head.blink)
        follow(catalogue, self._retext)

    def set_camera_area(self, area: QWidget) -> None:
        """Put the widget that shows the incident's cameras above the facts; it belongs to this panel then."""
        while self._camera_row.count():
            old = self._camera_row.takeAt(0).widget()
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        self._camera_row.addWidget(area)
        area.show()

    def place_section(self, name: SectionName, widget: QWidget) -> None:
        """Give a feature's part its place: "ladder", "procedure", "scene" or "shares", in this order below
        the acts. It belongs to this panel then; hidden it takes no room. Raises KeyError for another name.
        """
        self._body.place_section(name, widget)

    def place_dock(self, widget: QWidget) -> None:
        """Give a part a fixed place between the acts and the scrolled body; hidden it takes no room."""
        self._dock.addWidget(widget)

    def body(self) -> DetailPlaces:
        """What scrolls: the parts and their places."""
        return self._body

    @Slot(str)
    def show_incident(self, incident_id: str) -> None:
        """Show this incident; "" shows that none is selected."""
        if incident_id == self.incident_id:
            return
        self.inline.leave()
        self.incident_id = self.doing.incident_id = incident_id
        self._shown, self._case = None, None
        self._body.to_top()
        self.refresh()
        self._say_notice()
        self.incident_changed.emit(incident_id)

    @Slot()
    def focus_acts(self) -> None:
        """Give the keyboard to the large next act, or to the open question."""
        button = self.acts.large()
        if self.inline.is_open():
            self.inline.setFocus(Qt.FocusReason.OtherFocusReason)
        elif button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._body.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, afresh: bool = False) -> None:
        """Say what the board knows now; with `afresh` also what did not change."""
        state = self._board.state
        incident, case = state.incidents.get(self.incident_id), state.cases.get(self.incident_id)
        if incident is None or case is None:
            incident = case = None
        self._pages.setCurrentIndex(0 if incident is None else 1)
        if incident is None or case is None:
            key = "incidents.detail.forgotten" if self.incident_id else "incidents.detail.none"
            self._none.setText(self._catalogue.say(key, incident=self.incident_id))
        elif afresh or incident is not self._shown or case is not self._case:
            handoffs = self._handoffs(incident)
            latest = latest_handoffs(incident, state.handoffs)
            self._cases.follow(0.5)
            self.head.show_incident(incident, case, latest)
            self.facts.show_incident(incident)
            self._say_texts(incident, handoffs)
            if afresh or self._case is not case:
                self.clues.show_case(case)
        self._shown, self._case = incident, case
        self._show_acts()
        self._want_cameras(incident.camera_ids if incident is not None else ())

    @Slot()
    def ask_history(self) -> None:
        """Ask for the whole history in Review."""
        if self.incident_id:
            self.history_wanted.emit(self.incident_id)

    @Slot()
    def _asked(self) -> None:
        self._say_notice()
        self._show_acts()

    def show_worth(self, worth: RuleWorth) -> None:
        """Say beside each clue what its rule on its camera was worth."""
        self._worth = worth
        worth.changed.connect(self._worth_changed)

    @Slot()
    def _worth_changed(self) -> None:
        if self._case is not None:
            self.clues.show_case(self._case)

    def _precision(self, clue: Clue) -> str:
        return self._worth.words(clue) if self._worth is not None else ""

    @Slot()
    def _inline_left(self) -> None:
        self._show_acts()
        if self.isVisible():
            self.focus_acts()

    @Slot()
    def _incidents_changed(self) -> None:
        self.pending.settle()
        self.refresh()
        self._cases.follow(0.5)
        self.clues.refresh()
        self._say_notice()

    @Slot(object)
    def _answered(self, pairs: object) -> None:
        self.pending.answered(pairs)  # type: ignore[arg-type]
        self._say_notice()
        self._show_acts()

    @Slot()
    def _each_second(self) -> None:
        self._cases.follow(0.5)
        self.head.grow_older()
        if self._shown is not None:
            self.facts.refresh()
        self._say_notice()

    def _handoffs(self, incident: Incident) -> list[Handoff]:
        handoffs = self._board.state.handoffs
        return [handoffs[one] for one in incident.handoff_ids if one in handoffs]

    def _show_acts(self) -> None:
        incident = self._shown
        latest = latest_handoffs(incident, self._board.state.handoffs) if incident is not None else []
        busy = self.pending.of(self.incident_id)
        can = self.doing.possible()
        self.acts.show_acts(self._case, can, latest, self.inline.is_open(), busy)
        self.acts.setVisible(not self.inline.is_open())

    def _say_notice(self) -> None:
        text, bad = self.pending.words(self._catalogue, self._moments, self.incident_id)
        if text != self.notice.text():
            self.notice.setText(text)
        style(self.notice, ink="p1" if bad else "dim", weight="bold" if bad else "")
        self.notice.setVisible(bool(text))

    def _want_cameras(self, camera_ids: tuple[str, ...]) -> None:
        if self._shown is not None and not self._cameras_area_filled():
            key = "incidents.detail.cameras" if camera_ids else "incidents.detail.no_cameras"
            self._camera_placeholder.setText(self._catalogue.say(key))
        if camera_ids != self._cameras:
            self._cameras = camera_ids
            self.cameras_wanted.emit(camera_ids)

    def _cameras_area_filled(self) -> bool:
        item = self._camera_row.itemAt(0)
        return item is None or item.widget() is not self._camera_placeholder

    def _say_texts(self, incident: Incident, handoffs: list[Handoff]) -> None:
        profile, words = self._board.profile, self._catalogue.words
        kind = profile.incident_types.get(incident.type)
        guidance = [words(kind.guidance)] if kind is not None else []
        guidance += [
            words(one.limit.guidance) for one in self.facts.points() if one.limit is not None
        ]  # fmt: skip
        self.told.say(
            [text for text in dict.fromkeys(guidance) if text], [],
            story(incident, handoffs, profile, self._catalogue),
        )  # fmt: skip

    def _lay_out(self, tokens: Tokens) -> None:
        unit = tokens.space(1)
        self._none = label(ink="dim", size="strong")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setWordWrap(True)
        content = QWidget()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._none)
        self._pages.addWidget(content)
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(self.head)
        column.addWidget(self.acts)
        column.addWidget(self.inline)
        column.addWidget(self.notice)
        self.notice.hide()
        self._dock = QVBoxLayout()
        column.addLayout(self._dock)
        area = QFrame()
        self._texts.put(area, accessibleName="incidents.detail.camera_area")
        self._camera_row = QVBoxLayout(area)
        self._camera_row.setContentsMargins(0, 0, 0, 0)
        self._camera_placeholder = label(ink="dim")
        self._camera_placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._camera_row.addWidget(self._camera_placeholder)
        self.told = Told(self._actions, self._catalogue, self._moments, tokens)
        self._body = DetailPlaces(tokens)
        self._texts.put(self._body, accessibleName="incidents.detail.body")
        self._body.put_first(area)
        for part in (self.facts, self.clues, self.told):
            self._body.put_last(part)
        column.addWidget(self._body, 1)

    def _retext(self) -> None:
        self.refresh(afresh=True)
        self._say_notice()
