"""The ladder at a desk without a hub: a real city, threads as the test tells them, the time in its hand."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.clock import SECOND_NS
from console.desk.annunciator import Annunciator
from console.desk.inbound import PageCame
from console.desk.speaker import load_sound_figures
from console.handoff.draft import draft_of
from console.handoff.kinds import partner_kinds
from console.handoff.thread.figures import ladder
from console.model import events as ev
from console.model.base import Position, Words, same_words
from console.model.handoffdraft import Caller, Draft, Evidence, Trend
from console.model.ladder import Essence, Flag, Said, Shape, Statement
from console.model.query import AskDraft, DraftPage, StillPicture
from tests.kit.sitting import PLACE, Sitting, opened
from widgets.ladder.asking import Asking
from widgets.ladder.askline import AskLine
from widgets.ladder.chip import LadderChip
from widgets.ladder.choosing import ChoosePanel
from widgets.ladder.dock import LadderDock
from widgets.ladder.drafting import Drafting
from widgets.ladder.draftview import DraftView
from widgets.ladder.lines import ThreadWords
from widgets.ladder.offers import agency_digits
from widgets.ladder.pages import DraftPages
from widgets.ladder.panel import LadderPanel
from widgets.ladder.phonecard import PhonePanel
from widgets.ladder.sound import LadderSound
from widgets.ladder.stills import StillDecoder
from widgets.ladder.watching import LadderWatch

FIRE = "market_fire"
CALLER = "010-1234-5678"
POLICE, FIREMEN = "KR-112", "KR-119"


class Room(Sitting):
    """The parts as `console.desk.desk_ladder` joins them, one column in a window of the detail's size."""

    def __init__(self, language: str = "en", width_px: int = 700, height_px: int = 900) -> None:
        super().__init__(language)
        self.heard: list[str] = []
        self.pressed = 0
        profile = self.profile
        self.watch = LadderWatch(self.board, self.pulse, ladder())
        self.words = ThreadWords(profile, self.catalogue, self.watch.figures)
        self.asking = Asking(self.board, self.port)
        self.pages = DraftPages(self.board, self.port, self.pulse, partner_kinds())
        self.drafting = Drafting(self.board, self.watch, self.asking, self.pages)
        self.decoder = StillDecoder()
        digits = agency_digits((one.id, one.number) for one in profile.agencies.values())
        self.window = QWidget()
        self.detail = QWidget(self.window)
        self.panel = LadderPanel(
            self.board, self.watch, self.drafting, self.asking, self.words, self.moments, self.pulse,
            self.actions, self.tokens, owner=self.detail,
        )  # fmt: skip
        self.choice = ChoosePanel(self.words, profile, digits, self.actions, self.tokens)
        self.line = AskLine(self.words, self.actions, self.tokens)
        self.draft = DraftView(
            self.drafting, self.pages, self.decoder, self.words, profile, self.actions, self.tokens
        )
        self.card = PhonePanel(
            self.board, self.watch, self.asking, self.pages, self.words, self.moments, self.actions,
            self.tokens,
        )  # fmt: skip
        self.dock = LadderDock(
            self.panel, self.choice, self.line, self.draft, self.card, self.drafting, self.watch,
            self.focus_acts, self.tokens,
        )  # fmt: skip
        self.chip = LadderChip(self.watch, self.words, self.pulse, self.actions, self.tokens, self.window)
        self.rules = Annunciator(load_sound_figures())
        self.sound = LadderSound(self.watch, self.rules, self.listen)
        self.pulse.second_passed.connect(self.listen)
        self.actions.attach(self.window)
        body = QScrollArea()
        body.setWidgetResizable(True)
        self.inside = QWidget()
        column = QVBoxLayout(self.inside)
        column.addWidget(self.panel)
        column.addStretch(1)
        body.setWidget(self.inside)
        self.body = body
        outer = QVBoxLayout(self.detail)
        outer.addWidget(self.dock)
        outer.addWidget(body, 1)
        self.detail.setGeometry(0, 0, width_px, height_px)
        self.window.resize(width_px, height_px)
        self.connect()

    def focus_acts(self) -> None:
        self.body.setFocus()

    def listen(self) -> None:
        """What would be played now."""
        name = self.rules.due(self.clock.mono_ns(), self.clock.now_ns())
        if name:
            self.heard.append(name)

    def open(self, incident_id: str = "INC-1", type_id: str = FIRE) -> None:
        """A new incident, chosen in the queue."""
        self.tell(opened(incident_id, type_id))
        self.panel.show_incident(incident_id)

    def show(self, qtbot) -> None:
        """The window, with the keyboard."""
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.body.setFocus()

    # what the hub and the partners do

    def drafted(
        self, agency: str = FIREMEN, incident_id: str = "INC-1", revision: int = 1, shape: Shape = "single",
        group: str = "", follows: str = "",
    ) -> str:  # fmt: skip
        """A draft is on record; returns its thread's id."""
        name = f"{incident_id}:{agency}:{revision}"
        essence = Essence(type=FIRE, code="1", position=PLACE.position, place=PLACE.name.ko)
        self.tell(ev.HandoffDrafted(
            handoff_id=name, key=name, incident_id=incident_id, agency=agency, revision=revision,
            person="kim", essence=essence, shape=shape, group=group, follows=follows,
        ))  # fmt: skip
        return name

    def queued(self, thread_id: str) -> str:
        thread = self.board.state.threads[thread_id]
        self.tell(ev.HandoffQueued(
            handoff_id=thread_id, key=thread.key, incident_id=thread.incident_id, agency=thread.agency,
            revision=thread.revision, person="kim", message_sha256="0" * 64, message_id=thread.key,
        ))  # fmt: skip
        return thread_id

    def sent(self, agency: str = FIREMEN, **more: object) -> str:
        """Drafted, queued, and its bytes left."""
        name = self.queued(self.drafted(agency, **more))  # type: ignore[arg-type]
        self.tell(ev.HandoffSent(handoff_id=name, attempt=1))
        return name

    def received(self, agency: str = FIREMEN, **more: object) -> str:
        name = self.sent(agency, **more)
        self.tell(ev.HandoffReceived(handoff_id=name, agency_ref=f"{agency[-3:]}-0417"))
        return name

    def says(
        self, thread_id: str, said: Said, message_id: str = "", said_s: float = 0.0,
        verdict: str = "advanced", flags: tuple[str, ...] = (), **more: object,
    ) -> None:  # fmt: skip
        """The partner said something, so many seconds ago by its own clock."""
        now_ns = self.clock.now_ns()
        known = len(self.board.state.threads[thread_id].statements)
        message_id = message_id or f"M{known}"
        statement = Statement(
            message_id=message_id, said=said, said_at_ns=now_ns - int(said_s * SECOND_NS), heard_ns=now_ns,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
        raised = tuple(Flag(what=one, at_ns=now_ns, message_id=message_id) for one in flags)
        self.tell(ev.HandoffSaid(handoff_id=thread_id, statement=statement, verdict=verdict, flags=raised))

    def content(self, thread_id: str, stills: int = 2) -> Draft:
        """The draft as the hub would make it."""
        thread = self.board.state.threads[thread_id]
        incident = self.board.state.incidents[thread.incident_id]
        now_ns = self.clock.now_ns()
        evidence = tuple(
            Evidence(description=same_words(f"CAM-{one}"), mime_type="image/jpeg", uri="https://x/1", size=1,
                     sha1="0", sha256=str(one))
            for one in range(stills)
        )  # fmt: skip
        trend = Trend(
            name=Words(en="Smoke, market hall", ko="시장 연기"), unit="%/m", limit=4.0, from_ns=now_ns,
            until_ns=now_ns,
            values=(0.2, 0.2, 0.4, 0.3, 0.9, 1.8, 3.1, 5.2, 6.4, 7.0),
        )  # fmt: skip
        return draft_of(
            incident, thread.agency, self.profile, partner_kinds()[thread.agency], "kim", "031-228-0000",
            now_ns, callers=(Caller(name="이영수", number=CALLER, at_ns=now_ns, said="연기가 심해요"),),
            stills=evidence, trends=(trend,), text=thread.text,
        )  # fmt: skip

    def bring(self, thread_id: str, stills: int = 2) -> None:
        """The page that was asked for last of this thread comes."""
        asked = [at for at, one in enumerate(self.port.queries, 1)
                 if isinstance(one, AskDraft) and one.thread_id == thread_id]  # fmt: skip
        page = DraftPage(
            thread_id=thread_id, key=thread_id, draft=self.content(thread_id, stills), pictures="ready",
            stills=tuple(
                StillPicture(camera_id=f"CAM-000{one}", at_ns=self.clock.now_ns(), jpeg=jpeg(one))
                for one in range(stills)
            ),
        )  # fmt: skip
        self.board.inbox.append(PageCame(f"q{asked[-1]}", page))
        self.pulse.tick()

    def said_last(self) -> object:
        """The last command."""
        return list(self.port.commands.values())[-1]

    def grant(self) -> None:
        """The hub accepts all that waits; what it put on record is there already."""
        for request_id in tuple(self.board.pending):
            self.accept(request_id, self.board.state.seq)

    def close(self) -> None:
        self.decoder.close()
        if isValid(self.window):
            self.window.close()
            self.window.deleteLater()
        self.leave()


def elsewhere(metres: float) -> Essence:
    """What a partner read back that understood another place."""
    at = PLACE.position
    return Essence(
        type=FIRE, code="1", position=Position(lat=at.lat + metres / 111_195, lon=at.lon), place="장안문"
    )


def jpeg(number: int) -> bytes:
    """A small picture."""
    image = QImage(320, 180, QImage.Format.Format_RGB32)
    image.fill(QColor(40 + 60 * number, 60, 70))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
