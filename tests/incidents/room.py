"""A desk without a hub: a board filled by entries, a pulse ticked by hand, a port that remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QApplication, QWidget

from console.clock import SteppedClock
from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.desk.inbound import AnswerCame, EntryCame, LinkChanged, PageCame
from console.language import Catalogue, load_catalogue
from console.model import events as ev
from console.model.base import Place, Words
from console.model.commands import Accepted, Command, Refused
from console.model.query import IncidentPage, LogPage, Query
from tests.report.city import MARKET, small_city
from widgets.incidents.detail import DetailPanel
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts


@dataclass
class Port:
    """Remembers what was asked; the test answers."""

    board: Board
    commands: list[Command] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)

    def request(self, command: Command) -> str:
        self.commands.append(command)
        request_id = f"c{len(self.commands)}"
        self.board.asked(request_id, command)
        return request_id

    def ask(self, query: Query) -> str:
        self.queries.append(query)
        return f"q{len(self.queries)}"


class Room:
    """Everything a panel needs, with the time in the test's hand."""

    def __init__(self, language: str = "en") -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.clock = SteppedClock()
        self.board = Board(small_city(), self.clock, desk="desk-3", person="kim")  # type: ignore[arg-type]
        self.board.link = "live"
        self.board.state.run = "r1"
        self.cases = CaseQueue(self.board)
        self.pulse = Pulse(self.board, self.clock)
        self.catalogue: Catalogue = load_catalogue(language)
        load_fonts()
        self.tokens = Tokens()
        self.tokens.dress(app)
        self.actions = Actions(self.catalogue)
        self.port = Port(self.board)

    def say(self, *events: ev.AnyEvent, actor: str = "hub") -> None:
        """The hub committed these."""
        for event in events:
            entry = ev.Entry(run="r1", seq=self.board.state.seq + len(self._waiting()) + 1,
                             at_ns=self.clock.now_ns(), cause=ev.Cause(actor=actor), event=event)  # fmt: skip
            self.board.inbox.append(EntryCame(entry))

    def tick(self) -> None:
        """One pulse."""
        self.pulse.tick()

    def tell(self, *events: ev.AnyEvent) -> None:
        """The hub committed these and the desk heard of it."""
        self.say(*events)
        self.tick()

    def later(self, seconds: float) -> None:
        """Time passes, and a pulse."""
        self.clock.step(seconds)
        self.tick()

    def accept(self, number: int = 0, seq: int | None = None) -> None:
        """The hub accepted the command of this number (0: the last one)."""
        name = f"c{number or len(self.port.commands)}"
        answer = Accepted(id=name, seq=self.board.state.seq if seq is None else seq)
        self.board.inbox.append(AnswerCame(answer))
        self.tick()

    def refuse(self, en: str, ko: str = "거부") -> None:
        """The hub refused the last command."""
        answer = Refused(id=f"c{len(self.port.commands)}", code="x", reason=Words(en=en, ko=ko))
        self.board.inbox.append(AnswerCame(answer))
        self.tick()

    def bring(
        self, page: LogPage | IncidentPage | None, problem: Words | None = None, number: int = 0
    ) -> None:
        """The page for the query of this number came (0: the last one)."""
        self.board.inbox.append(PageCame(f"q{number or len(self.port.queries)}", page, problem))
        self.tick()

    def lose_hub(self) -> None:
        self.board.inbox.append(LinkChanged("stale"))
        self.tick()

    def detail(self) -> DetailPanel:
        """A panel for one incident."""
        return DetailPanel(
            self.board, self.cases, self.pulse, self.port, self.actions, self.catalogue, self.tokens
        )

    def _waiting(self) -> list[EntryCame]:
        return [one for one in self.board.inbox if isinstance(one, EntryCame)]


def opened(
    name: str, type_id: str = "smoke", priority: int = 1, place: Place = MARKET, why: str = "Smoke seen.",
    cameras: tuple[str, ...] = ("CAM-0001",), alarm_id: str = "",
) -> ev.IncidentOpened:  # fmt: skip
    return ev.IncidentOpened(
        incident_id=name, type=type_id, priority=priority, place=place, reason=Words(en=why, ko="연기 감지."),
        camera_ids=cameras, alarm_id=alarm_id,
    )  # fmt: skip


def acknowledged(name: str, person: str = "kim") -> ev.IncidentAcknowledged:
    return ev.IncidentAcknowledged(incident_id=name, person=person)


def queued(name: str, agency: str = "KR-119", revision: int = 1) -> ev.HandoffQueued:
    return ev.HandoffQueued(
        handoff_id=f"{name}-{agency}-{revision}", key=f"{name}:{agency}:{revision}", incident_id=name,
        agency=agency, revision=revision, person="kim", message_sha256="0" * 64,
    )  # fmt: skip


def show_in_window(panel: QWidget, width_px: int, height_px: int, qtbot) -> QWidget:
    """Show `panel` in a window of that size; returns the window, which the test's end closes.

    The window has no layout: the offscreen platform warns about windows that ask for a least size.
    """
    window = QWidget()
    qtbot.addWidget(window)
    panel.setParent(window)
    panel.setGeometry(0, 0, width_px, height_px)
    window.resize(width_px, height_px)
    panel.show()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window
