"""The ladder of the chosen incident: a row for each partner's thread, and the acts on them."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.handoff.thread.responses import going
from console.model.commands import CancelHandoff, Command, GiveUpHandoff, SeeFlags, UpdateHandoff
from console.model.incident import Incident
from console.model.ladder import PartnerThread
from console.model.threadstanding import is_draft, standing
from widgets.kit.actions import ActButton, Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.ladder.asking import Asking
from widgets.ladder.drafting import Drafting
from widgets.ladder.lines import ThreadWords
from widgets.ladder.offers import (
    acts_of,
    can_begin,
    free_agencies,
    preferred,
    reroute_to,
    transfer_to,
)
from widgets.ladder.row import ThreadRow
from widgets.ladder.rungs import worst
from widgets.ladder.watching import LadderWatch

ON_THREAD = ("reroute", "phone", "update", "cancel", "seen", "give_up")
"""Acts on the thread that has the bar, in the order of their buttons."""


class LadderPanel(QWidget):
    """Rows one under the other, their rungs in the same columns. What has to be looked at stands first in
    each row and is never folded away. UI thread.

    Acts, while the detail is in sight: ladder.draft (H), ladder.choose (Shift+H), ladder.reroute (Alt+R),
    ladder.phone (Alt+T), ladder.update (Alt+U), ladder.cancel (Alt+W), ladder.seen (Alt+S), ladder.give_up
    (Alt+Y), ladder.next and ladder.previous (Alt+Down, Alt+Up), ladder.whole (Alt+M).

    Signals:
        choice_wanted(object, object, object, object): free and advised agencies, the live thread that may be
            passed on (or None), to whom.
        line_wanted(str, str, str): act, thread, agency: words are needed.
        card_wanted(str): the phone card of this thread, with the keyboard.
        drafts_opened: the draft's view takes the keyboard.
        followed: another incident is shown.
    """

    choice_wanted = Signal(object, object, object, object)
    line_wanted = Signal(str, str, str)
    card_wanted = Signal(str)
    drafts_opened = Signal()
    followed = Signal()

    def __init__(
        self, board: Board, watch: LadderWatch, drafting: Drafting, asking: Asking, words: ThreadWords,
        moments: Moments, pulse: Pulse, actions: Actions, tokens: Tokens, owner: QWidget,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._watch, self._drafting, self._asking = board, watch, drafting, asking
        self._words, self._moments, self._actions, self._tokens = words, moments, actions, tokens
        self._catalogue = moments.catalogue
        self._texts = Texts(self._catalogue)
        self.incident_id = ""
        self.current_id = ""
        self._picked = False
        self._whole = False
        self.rows: list[ThreadRow] = []
        self.setObjectName("ladder")
        self._texts.put(self, accessibleName="ladder.group")
        for name, key, handler in (
            ("draft", "H", self.draft), ("choose", "Shift+H", self.choose),
            ("reroute", "Alt+R", self.reroute),
            ("phone", "Alt+T", self.phone), ("update", "Alt+U", self.update_partner),
            ("cancel", "Alt+W", self.cancel), ("seen", "Alt+S", self.see), ("give_up", "Alt+Y", self.give_up),
            ("next", "Alt+Down", self.next_thread), ("previous", "Alt+Up", self.previous_thread),
            ("whole", "Alt+M", self.turn_whole),
        ):  # fmt: skip
            actions.add(
                f"ladder.{name}", f"ladder.act.{name}", key, handler, owner=owner, group="ladder.group",
                enabled=False, checkable=name == "whole",
            )  # fmt: skip
        self._lay_out(tokens)
        self.hide()
        watch.changed.connect(self.refresh)
        drafting.changed.connect(self.refresh)
        pulse.incidents_changed.connect(self._settle)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._say_told)
        follow(self._catalogue, self._retext)

    @Slot(str)
    def show_incident(self, incident_id: str) -> None:
        """Follow the chosen incident; "" for none."""
        if incident_id != self.incident_id:
            self.incident_id = incident_id
            self.current_id, self._picked, self._whole = "", False, False
            self._actions.act("ladder.whole").setChecked(False)
            self._asking.forget()
            if self._drafting.is_open and self._drafting.incident_id != incident_id:
                self._drafting.leave()
            self.refresh()
            self.followed.emit()

    def current(self) -> PartnerThread | None:
        """The thread the keys act on: the one picked, else the one that most has to be looked at."""
        return self._watch.thread(self.current_id) if self.current_id else None

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        incident = self._incident()
        self.setVisible(incident is not None)
        threads = self._threads() if incident is not None else ()
        self._choose_current(threads)
        while len(self.rows) < len(threads):
            row = ThreadRow(self._words, self._tokens, self)
            row.picked.connect(self.pick)
            self._rows_at.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            present = place < len(threads)
            row.setVisible(present)
            if present:
                thread = threads[place]
                current = len(threads) > 1 and thread.id == self.current_id
                row.show_thread(
                    thread, threads, self._watch.of(thread.id), current, self._whole,
                    next(iter(self._reroutes(thread)), ""),
                )  # fmt: skip
        self._say_head(incident, threads)
        self._enable(incident, threads)
        self._say_told()

    @Slot()
    def draft(self) -> None:
        """One key: drafts for the partners the type prefers, or those that lie there already."""
        incident = self._incident()
        if not can_begin(incident):
            return
        assert incident is not None
        self._watch.look_at(incident.id)
        threads = self._watch.threads_of(incident.id)
        profile = self._board.profile
        drafts = {one.agency for one in threads if is_draft(one)}
        lying = [one for one in (*self._advised(incident), *profile.agencies) if one in drafts]
        wanted = lying or preferred(incident, threads, profile.incident_types, profile.agencies)
        if wanted:
            self._drafting.begin(incident.id, tuple(dict.fromkeys(wanted)))
            self.drafts_opened.emit()
        else:
            self.choose()

    @Slot()
    def choose(self) -> None:
        """Ask who shall get it."""
        incident = self._incident()
        if not can_begin(incident):
            return
        assert incident is not None
        self._watch.look_at(incident.id)
        threads = self._watch.threads_of(incident.id)
        agencies = tuple(self._board.profile.agencies)
        live = self._passable(threads, agencies)
        others = transfer_to(live, threads, agencies) if live is not None else ()
        self.choice_wanted.emit(free_agencies(threads, agencies), self._advised(incident), live, others)

    @Slot(object)
    def draft_for(self, agencies: tuple[str, ...]) -> None:
        """These were chosen."""
        if self.incident_id:
            self._drafting.begin(self.incident_id, tuple(agencies))
            self.drafts_opened.emit()

    @Slot(str, str)
    def transfer(self, thread_id: str, agency: str) -> None:
        """Another partner shall go instead."""
        thread = self._watch.thread(thread_id)
        if thread is not None:
            self._drafting.transfer(thread, agency)
            self.drafts_opened.emit()

    @Slot()
    def reroute(self) -> None:
        """After a refusal: the same to the next partner, as a draft to be sent."""
        self._watch.look_at(self.incident_id)
        thread = self.current()
        offered = self._reroutes(thread) if thread is not None else ()
        if thread is not None and offered:
            self._drafting.reroute(thread, offered[0])
            self.drafts_opened.emit()

    @Slot()
    def phone(self) -> None:
        """The phone card of this thread."""
        self._watch.look_at(self.incident_id)
        thread = self.current()
        if thread is not None:
            self.card_wanted.emit(thread.id)

    @Slot()
    def update_partner(self) -> None:
        """Tell the partner more."""
        self._ask_line("update")

    @Slot()
    def cancel(self) -> None:
        """Ask the partner to drop it."""
        self._ask_line("cancel")

    @Slot()
    def give_up(self) -> None:
        """End what the partner never confirmed."""
        self._ask_line("give_up")

    @Slot()
    def see(self) -> None:
        """I have seen what is flagged."""
        thread = self.current()
        self._watch.look_at(self.incident_id)
        if thread is not None and thread.flags:
            self._order(SeeFlags(thread_id=thread.id), "seen")

    @Slot(str, str, str)
    def say(self, act: str, thread_id: str, text: str) -> None:
        """The words for an act came."""
        made: Command = {
            "update": lambda: UpdateHandoff(thread_id=thread_id, text=text),
            "cancel": lambda: CancelHandoff(thread_id=thread_id, reason=text),
            "give_up": lambda: GiveUpHandoff(thread_id=thread_id, reason=text),
        }[act]()
        self._order(made, act)

    @Slot(str)
    def pick(self, thread_id: str) -> None:
        """The keys act on this thread from now on."""
        self._watch.look_at(self.incident_id)
        self.current_id, self._picked = thread_id, True
        self.refresh()

    @Slot()
    def next_thread(self) -> None:
        self._step(1)

    @Slot()
    def previous_thread(self) -> None:
        self._step(-1)

    @Slot()
    def turn_whole(self) -> None:
        """All that was said, or the newest of it."""
        self._whole = not self._whole
        self._actions.act("ladder.whole").setChecked(self._whole)
        self.refresh()

    def texts(self) -> str:
        """All that stands there, for tests."""
        return "\n".join(f"{row.title.text()}\n" + "\n".join(one.text for one in row.lines) for row in
                         self.rows if not row.isHidden())  # fmt: skip

    def _order(self, command: Command, name: str) -> None:
        self._asking.ask(command, f"ladder.act.{name}")
        self.refresh()

    def _ask_line(self, act: str) -> None:
        thread = self.current()
        self._watch.look_at(self.incident_id)
        if thread is not None and act in acts_of(thread):
            self.line_wanted.emit(act, thread.id, thread.agency)

    def _step(self, by: int) -> None:
        threads = [one.id for one in self._threads()]
        if threads:
            here = threads.index(self.current_id) if self.current_id in threads else -by
            self.pick(threads[(here + by) % len(threads)])

    def _threads(self) -> tuple[PartnerThread, ...]:
        """As they were drafted; what is over and calm stands behind the others."""
        threads = self._watch.threads_of(self.incident_id)
        over = {one.id for one in threads if standing(one).end and not self._watch.of(one.id)}
        return tuple(sorted(threads, key=lambda one: one.id in over))

    def _incident(self) -> Incident | None:
        return self._board.state.incidents.get(self.incident_id) if self.incident_id else None

    def _advised(self, incident: Incident) -> tuple[str, ...]:
        kind = self._board.profile.incident_types.get(incident.type)
        return kind.agencies if kind is not None else ()

    def _reroutes(self, thread: PartnerThread) -> tuple[str, ...]:
        incident = self._board.state.incidents.get(thread.incident_id)
        if incident is None:
            return ()
        threads = self._watch.threads_of(thread.incident_id)
        return reroute_to(thread, threads, self._advised(incident), tuple(self._board.profile.agencies))

    def _passable(
        self, threads: tuple[PartnerThread, ...], agencies: tuple[str, ...]
    ) -> PartnerThread | None:
        """The thread that may be passed on: the one the keys act on, else the first that can be."""
        current = self.current()
        order = [*([current] if current is not None else []), *threads]
        return next((one for one in order if transfer_to(one, threads, agencies)), None)

    def _choose_current(self, threads: tuple[PartnerThread, ...]) -> None:
        ids = [one.id for one in threads]
        if self._picked and self.current_id in ids:
            return
        self._picked = False
        top = worst(one for each in ids for one in self._watch.of(each))
        live = [one.id for one in threads if not is_draft(one)]
        self.current_id = top.thread_id if top is not None else (live or ids or [""])[-1]

    def _say_head(self, incident: Incident | None, threads: tuple[PartnerThread, ...]) -> None:
        if incident is None:
            return
        say = self._catalogue.say
        have = [self._words.agency(one) for one in going(threads)]
        nobody = self._watch.nobody_has(self.incident_id)
        top = self._watch.worst_of(self.incident_id)
        late = self._watch.thread(top.thread_id) if top is not None else None
        if top is not None and late is not None:
            amber = top.level == "amber"
            said = say("ladder.view.nobody") if nobody else self._words.short(top, late)
            text, ink = f"{'▲' if amber else '◆'} {said}", "p2" if amber else "p1"
        elif nobody:
            text, ink = say("ladder.view.nobody_yet"), "dim"
        elif have:
            text, ink = say("ladder.view.have", agencies=", ".join(have)), ""
        elif threads:
            text, ink = "", ""
        else:
            text, ink = say("ladder.view.none"), "dim"
        self.summary.setText(text)
        style(self.summary, ink=ink, weight="bold" if ink in ("p1", "p2") else "")

    def _enable(self, incident: Incident | None, threads: tuple[PartnerThread, ...]) -> None:
        thread, enable = self.current(), self._actions.enable
        begin = can_begin(incident)
        enable("ladder.draft", begin)
        enable("ladder.choose", begin)
        acts = acts_of(thread) if thread is not None else frozenset()
        pending = self._asking.pending
        for name in ON_THREAD:
            possible = name in acts
            if name == "reroute":
                possible = thread is not None and bool(self._reroutes(thread))
            enable(f"ladder.{name}", possible and f"ladder.act.{name}" not in pending)
            self._buttons[name].setVisible(possible)
        for name in ("next", "previous"):
            enable(f"ladder.{name}", len(threads) > 1)
        enable("ladder.whole", bool(threads))
        self._acts.setVisible(bool(threads))
        several = len(threads) > 1 and thread is not None
        self._for.setVisible(several)
        if several and thread is not None:
            agency = self._words.agency(thread.agency)
            self._for.setText(self._catalogue.say("ladder.view.for", agency=agency))

    @Slot()
    def _settle(self) -> None:
        self._asking.settle()

    @Slot(object)
    def _answered(self, pairs: object) -> None:
        self._asking.answered(pairs)  # type: ignore[arg-type]
        self.refresh()

    @Slot()
    def _say_told(self) -> None:
        text, bad = self._asking.words(self._catalogue, self._moments)
        self.told.setText(text)
        style(self.told, ink="p1" if bad else "dim", weight="bold" if bad else "")
        self.told.setVisible(bool(text))

    def _lay_out(self, tokens: Tokens) -> None:
        unit = tokens.space(1)
        heading = label(ink="dim", size="small")
        self._texts.put(heading, "ladder.group")
        self.summary = ElidedLabel()
        head = QHBoxLayout()
        head.setSpacing(2 * unit)
        head.addWidget(heading)
        head.addWidget(self.summary, 1)
        for name in ("draft", "choose"):
            head.addWidget(self._actions.button(f"ladder.{name}", self, role="quiet"))
        self._rows_at = QVBoxLayout()
        self._rows_at.setSpacing(2 * unit)
        self._acts = QWidget()
        flow = FlowLayout(unit, self._acts)
        self._for = label(ink="dim", size="small")
        flow.addWidget(self._for)
        self._buttons: dict[str, ActButton] = {}
        for name in ON_THREAD:
            button = self._actions.button(f"ladder.{name}", self._acts)
            self._buttons[name] = button
            flow.addWidget(button)
        flow.addWidget(self._actions.button("ladder.whole", self._acts, role="quiet"))
        self.told = label()
        self.told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(head)
        column.addLayout(self._rows_at)
        column.addWidget(self._acts)
        column.addWidget(self.told)
        self.told.hide()

    def _retext(self) -> None:
        for row in self.rows:
            row.retext()
        self.refresh()
