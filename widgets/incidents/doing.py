"""What each act on the selected incident does: an order to the hub, or a question first, asked in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.desk.caseacts import needs_reason, possible
from console.desk.casequeue import CaseQueue
from console.desk.nearcases import near
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.casework import Case, Verdict
from console.model.commands import (
    AcknowledgeIncident,
    ClaimIncident,
    CloseIncident,
    Command,
    EndHold,
    ReleaseIncident,
    ResolveIncident,
    TakeOverIncident,
    VerifyIncident,
)
from console.report.names import type_name
from widgets.incidents.asks import NO_PARENT, Ask, Choice
from widgets.incidents.cluewords import ClueWords
from widgets.incidents.inline import Inline
from widgets.incidents.pending import PendingActs
from widgets.kit.moments import Moments


class Doing(QObject):
    """The acts by name, in `handlers()`. `incident_id` is what they are about, "" for none.

    Signals:
        changed: something was asked, or a question is open now.
    """

    changed = Signal()

    def __init__(
        self, board: Board, cases: CaseQueue, port: DeskPort, inline: Inline, pending: PendingActs,
        catalogue: Catalogue, moments: Moments, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._cases, self._port, self._inline = board, cases, port, inline
        self._pending, self._catalogue, self._moments = pending, catalogue, moments
        self._clues = ClueWords(board.profile, catalogue, moments)
        self.incident_id = ""
        info = board.profile.desks.get(board.desk)
        self._supervisor = info is not None and info.role == "supervisor"
        inline.asked.connect(self.ask)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """By the act's last word."""
        return {
            "acknowledge": self.acknowledge, "claim": self.claim, "take_over": self.take_over,
            "release": self.release, "real": self.real, "false": self.false, "test": self.test,
            "note": self.note, "hold": self.hold, "regrade": self.regrade, "resolve": self.resolve,
            "close": self.close, "merge": self.merge, "under": self.under, "split": self.split,
        }  # fmt: skip

    def case(self) -> Case | None:
        """The case the acts are about."""
        return self._board.state.cases.get(self.incident_id)

    def possible(self) -> frozenset[str]:
        """What the hub would take now."""
        case = self.case()
        if case is None:
            return frozenset()
        return possible(case, self._board.person, self._supervisor, self._cases.told)

    @Slot(object, str, str)
    def ask(self, command: Command, name: str, act: str) -> None:
        """Ask the hub; `act` is the key of the act's words."""
        request_id = self._port.request(command)
        about = getattr(command, "incident_id", "") or getattr(command, "kept_id", "")
        self._pending.asked(request_id, name, act, about)
        self.changed.emit()

    # --- at once ----------------------------------------------------------------------------------------

    def acknowledge(self) -> None:
        self._order(AcknowledgeIncident(incident_id=self.incident_id), "acknowledge")

    def claim(self) -> None:
        self._order(ClaimIncident(incident_id=self.incident_id), "claim")

    def release(self) -> None:
        self._order(ReleaseIncident(incident_id=self.incident_id), "release")

    def close(self) -> None:
        self._order(CloseIncident(incident_id=self.incident_id), "close")

    def real(self) -> None:
        self._verdict("real")

    def false(self) -> None:
        self._verdict("false")

    def test(self) -> None:
        self._verdict("test")

    # --- what may need more -----------------------------------------------------------------------------

    def take_over(self) -> None:
        """From whoever has it; why is asked where it has to be said."""
        case = self.case()
        if case is None:
            return
        if needs_reason(
            case, self._board.person, self._supervisor, self._board.clock.now_ns(), self._cases.told
        ):
            self._open(self._inline.take_over)
        else:
            self._order(TakeOverIncident(incident_id=self.incident_id), "take_over")

    def note(self) -> None:
        self._open(self._inline.note)

    def hold(self) -> None:
        """Let it rest; what rests goes on."""
        case = self.case()
        if case is None:
            return
        if case.hold is not None:
            self._order(EndHold(incident_id=case.id), "hold", "end_hold")
            return
        self._inline.hold.about(self._cases.told.longest_hold_s(case.priority))
        self._open(self._inline.hold)

    def regrade(self) -> None:
        case = self.case()
        if case is None:
            return
        country = self._board.profile.country
        grades = [
            Choice(one.code, self._catalogue.words(one.says))
            for one in self._cases.told.grades if one.country == country
        ]  # fmt: skip
        self._inline.grade.about(grades, case.grade)
        self._open(self._inline.grade)

    def resolve(self) -> None:
        """By its verdict; one that has none is asked how it turned out."""
        case = self.case()
        if case is not None and case.verdict:
            self._order(ResolveIncident(incident_id=case.id, outcome=case.verdict), "resolve")
        else:
            self._open(self._inline.outcome)

    def merge(self) -> None:
        """With one that was offered or is near by its digit, or any by its number."""
        offered = self._offered()
        known = {one.value for one in offered}
        self._inline.merge.about([*offered, *(one for one in self._near() if one.value not in known)])
        self._open(self._inline.merge)

    def under(self) -> None:
        """Below one of what is near; what is a part can be let go."""
        case = self.case()
        if case is None:
            return
        gone = [Choice(NO_PARENT, self._catalogue.say("incidents.under.gone", incident=case.parent))]
        self._inline.under.about([*(gone if case.parent else []), *self._near()])
        self._open(self._inline.under)

    def split(self) -> None:
        """Some of its clues are another incident."""
        case = self.case()
        if case is not None:
            self._inline.split.about([Choice(one.uid, self._clues.line(one)) for one in case.clues])
            self._open(self._inline.split)

    # --- within -----------------------------------------------------------------------------------------

    def _verdict(self, verdict: Verdict) -> None:
        self._order(VerifyIncident(incident_id=self.incident_id, verdict=verdict), verdict)

    def _order(self, command: Command, name: str, words: str = "") -> None:
        if self.incident_id:
            self.ask(command, name, f"incidents.act.{words or name}")

    def _open(self, panel: Ask) -> None:
        if self.incident_id:
            self._inline.open(panel, self.incident_id)
            self.changed.emit()

    def _offered(self) -> list[Choice]:
        """What the correlation found near enough to ask, with its reason."""
        case, words = self.case(), self._catalogue.words
        found = []
        for one in case.offers if case is not None else ():
            other = self._board.state.cases.get(one.incident_id)
            if other is not None and other.is_open and case is not None and other.id != case.id:
                kind = type_name(self._board.profile, self._catalogue, other.type)
                found.append(Choice(other.id, f"{kind} · {words(one.words)} · {other.id}"))
        return found

    def _near(self) -> list[Choice]:
        case = self.case()
        if case is None:
            return []
        say, now_ns = self._catalogue.say, self._board.clock.now_ns()
        return [
            Choice(
                other.id,
                say(
                    "incidents.near", type=type_name(self._board.profile, self._catalogue, other.type),
                    metres=round(metres), age=self._moments.age(other.opened_at_ns, now_ns),
                    incident=other.id,
                ),
            )
            for other, metres in near(case, self._board, self._cases)
        ]  # fmt: skip
