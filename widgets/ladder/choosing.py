"""Who shall get it: one partner by its digit, both at once, another one instead; in the detail's dock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from console.model.ladder import PartnerThread
from console.profile import Profile
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import label, style
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.ladder.lines import ThreadWords

MANY = 3
"""From so many partners on, some of them can be marked and drafted together."""


class ChoosePanel(QFrame):
    """Asks which partners.

    Acts, only while it has the keyboard: ladder.one.AGENCY (the digit of its number), ladder.both (0),
    ladder.instead (X: the digit then says who goes instead), ladder.marked (Return), ladder.leave_choice
    (Esc).

    Signals:
        chosen(tuple[str, ...]): draft for these.
        instead(str, str): a thread's id and the agency that shall go in its place.
        left: closed without a choice.
    """

    chosen = Signal(object)
    instead = Signal(str, str)
    left = Signal()

    def __init__(
        self, words: ThreadWords, profile: Profile, digits: dict[str, str], actions: Actions, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._words, self._profile, self._actions = words, profile, actions
        self._free: tuple[str, ...] = ()
        self._advised: tuple[str, ...] = ()
        self._live: PartnerThread | None = None
        self._others: tuple[str, ...] = ()
        self._transferring = False
        self._texts = Texts(words.catalogue)
        self.setObjectName("ladder-choice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        style(self, role="overlay")
        self._texts.put(self, accessibleName="ladder.choice.title")
        self.title = label(weight="bold", ink="focus")
        self.title.setWordWrap(True)
        line = QWidget()
        flow = FlowLayout(tokens.space(1), line)
        self._ones: list[_One] = []

        def add(
            name: str, text: str, key: str, handler: Callable[[], object], agency: str = ""
        ) -> None:
            fields = {"agency": profile.agencies[agency].short} if agency else {}
            actions.add(
                f"ladder.{name}", text, key, handler, owner=self, group="ladder.group", only_focused=True,
                enabled=False, fields=fields,
            )  # fmt: skip
            flow.addWidget(actions.button(f"ladder.{name}", line))

        for agency in profile.agencies:
            one = _One(self, agency)
            self._ones.append(one)
            add(f"one.{agency}", "ladder.act.one", digits[agency], one.take, agency)
        add("both", "ladder.act.both", "0", self._both)
        add("instead", "ladder.act.instead", "X", self._instead)
        add("leave_choice", "ladder.act.leave_choice", "Esc", self.leave)
        actions.enable("ladder.leave_choice")
        self._marks: dict[str, QCheckBox] = {}
        several = QWidget()
        marks = FlowLayout(tokens.space(3), several)
        for agency in profile.agencies:
            self._marks[agency] = QCheckBox()
            marks.addWidget(self._marks[agency])
        actions.add(
            "ladder.marked", "ladder.act.marked", "Return", self._marked, owner=self, group="ladder.group",
            only_focused=True,
        )  # fmt: skip
        marks.addWidget(actions.button("ladder.marked", several))
        self._several = several
        column = QVBoxLayout(self)
        column.setContentsMargins(*(tokens.space(2),) * 4)
        column.setSpacing(tokens.space(2))
        for part in (self.title, line, several):
            column.addWidget(part)
        self.hide()
        follow(words.catalogue, self._retext)

    def ask(
        self, free: Sequence[str], advised: Sequence[str], live: PartnerThread | None, others: Sequence[str]
    ) -> None:
        """`free`: who may get it now; `advised` those of the type; `live`: the thread that may be passed on
        to one of `others`."""
        self._free, self._live, self._others = tuple(free), live, tuple(others)
        self._advised = tuple(one for one in advised if one in free) or self._free
        self._transferring = False
        for box in self._marks.values():
            box.setChecked(False)
        self._say()
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def leave(self) -> None:
        """Close."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def take(self, agency: str) -> None:
        """This partner was chosen."""
        if self._transferring and self._live is not None:
            self._pass_on(agency)
        else:
            self.hide()
            self.chosen.emit((agency,))

    @Slot()
    def _both(self) -> None:
        self.hide()
        self.chosen.emit(self._joint())

    @Slot()
    def _instead(self) -> None:
        if len(self._others) == 1:
            self._pass_on(self._others[0])
        else:
            self._transferring = True
            self._say()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _marked(self) -> None:
        agencies = tuple(name for name, box in self._marks.items() if box.isChecked() and name in self._free)
        if agencies:
            self.hide()
            self.chosen.emit(agencies)

    def _pass_on(self, agency: str) -> None:
        assert self._live is not None
        self.hide()
        self.instead.emit(self._live.id, agency)

    def _joint(self) -> tuple[str, ...]:
        """Both at once: the type's partners; where it names one only, all."""
        return self._advised if len(self._advised) > 1 else self._free

    def _say(self) -> None:
        say, enable = self._words.catalogue.say, self._actions.enable
        free = self._others if self._transferring else self._free
        for agency in self._profile.agencies:
            enable(f"ladder.one.{agency}", agency in free)
        joint = self._joint()
        enable("ladder.both", len(joint) > 1 and not self._transferring)
        enable("ladder.instead", bool(self._others) and not self._transferring)
        self._several.setVisible(len(self._profile.agencies) >= MANY and not self._transferring)
        for agency, box in self._marks.items():
            box.setEnabled(agency in self._free)
            box.setText(self._words.agency(agency))
        if self._transferring and self._live is not None:
            text = say("ladder.choice.instead", agency=self._words.agency(self._live.agency))
        elif not self._free and not self._others:
            text = say("ladder.choice.nobody")
        else:
            text = say("ladder.choice.title")
        if len(joint) > 1 and not self._transferring:
            names = " + ".join(self._words.agency(one) for one in joint)
            text = f"{text} {say('ladder.choice.both', agencies=names)}"
        self.title.setText(text)

    def _retext(self) -> None:
        self._say()


class _One:
    """Takes one partner. An object with a method, because acts hold their handlers weakly."""

    def __init__(self, panel: ChoosePanel, agency: str) -> None:
        self._panel, self._agency = panel, agency

    def take(self) -> None:
        self._panel.take(self._agency)
