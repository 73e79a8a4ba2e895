"""The form under the script: when, with whom, over what, how it ended, their case, their words."""

from __future__ import annotations

import re
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from console.clock import SECOND_NS
from console.handoff.phone import check_call
from console.handoff.thread.figures import LadderFigures
from console.model.base import Words
from console.model.ladder import PartnerThread, PhoneCall
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import label
from widgets.kit.moments import Moments
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

_CLOCK = re.compile(r"(\d{1,2}):?(\d{2})(?::?(\d{2}))?")
DAY_NS = 86_400 * SECOND_NS
KEYS = {"channel": "PLDFI", "outcome": "AENO"}
"""Digits are the wall's layouts, with Ctrl, wherever the keyboard is in the workspace."""


class CallForm(QWidget):
    """What a person writes down of a call. Channel and outcome are one key each; the time is filled in when
    the form is opened, and is now where it is left empty.

    Acts, only while `owner` has the keyboard: ladder.channel.NAME and ladder.outcome.NAME (Alt and a letter
    of `KEYS`, in the order of the figures).

    Signals:
        submitted: Enter was pressed in a field.
    """

    submitted = Signal()

    def __init__(
        self, figures: LadderFigures, moments: Moments, actions: Actions, tokens: Tokens, owner: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._figures, self._moments, self._actions = figures, moments, actions
        self._texts = Texts(moments.catalogue)
        self._picks: list[_Pick] = []
        self.chosen = {"channel": "", "outcome": ""}
        self.fields: dict[str, QLineEdit] = {}
        unit = tokens.space(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * unit)
        grid.setVerticalSpacing(unit)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 2)
        longest = {"time": 8, "name": figures.phone.name_chars, "case_ref": figures.phone.number_chars,
                   "words": figures.thread.text_chars}  # fmt: skip
        for place, name in enumerate(("time", "name", "case_ref", "words")):
            heading, field = label(ink="dim"), QLineEdit()
            self._texts.put(heading, f"ladder.call.{name}")
            said = f"ladder.call.{name}"
            self._texts.put(field, accessibleName=said, placeholderText=f"{said}_hint")
            field.setMaxLength(longest[name])
            field.returnPressed.connect(self.submitted)
            heading.setBuddy(field)
            row, column = 0 if place < 2 else 3, 2 * (place % 2)
            grid.addWidget(heading, row, column)
            grid.addWidget(field, row, column + 1)
            self.fields[name] = field
        for row, (what, names) in enumerate(
            (("channel", figures.phone.channels), ("outcome", figures.phone.outcomes)), 1
        ):  # fmt: skip
            heading = label(ink="dim")
            self._texts.put(heading, f"ladder.call.{what}")
            grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            line = QWidget()
            flow = FlowLayout(unit, line)
            for place, name in enumerate(names):
                key = KEYS[what][place : place + 1]
                pick = _Pick(self, what, name)
                self._picks.append(pick)
                actions.add(
                    f"ladder.{what}.{name}", f"ladder.{what}.{name}", f"Alt+{key}" if key else "",
                    pick.pick, owner=owner, group="ladder.group_call", only_focused=True, checkable=True,
                )  # fmt: skip
                button = actions.button(f"ladder.{what}.{name}", line)
                flow.addWidget(button)
            grid.addWidget(line, row, 1, 1, 3)
        self.problem = label(ink="p1", weight="bold")
        self.problem.setWordWrap(True)
        self.problem.hide()
        grid.addWidget(self.problem, 4, 0, 1, 4)

    def begin(self, now_ns: int) -> None:
        """An empty form: the time is now."""
        for field in self.fields.values():
            field.clear()
        self.fields["time"].setText(self._moments.clock(now_ns))
        self.choose("channel", self._figures.phone.channels[0])
        self.choose("outcome", "")
        self.say_problems(())

    def is_touched(self) -> bool:
        """Whether something was written or chosen that would be lost."""
        return bool(self.chosen["outcome"]) or any(
            field.text().strip() for name, field in self.fields.items() if name != "time"
        )

    def choose(self, what: str, name: str) -> None:
        """Channel or outcome."""
        self.chosen[what] = name
        names = self._figures.phone.channels if what == "channel" else self._figures.phone.outcomes
        for one in names:
            self._actions.act(f"ladder.{what}.{one}").setChecked(one == name)

    def call(self, person: str, now_ns: int) -> PhoneCall:
        """What is written there; a time that cannot be read is 0, which `check` refuses."""
        return PhoneCall(
            at_ns=now_ns, called_at_ns=self._called_ns(now_ns), person=person,
            name=self.fields["name"].text().strip(), channel=self.chosen["channel"],
            outcome=self.chosen["outcome"], case_ref=self.fields["case_ref"].text().strip(),
            words=self.fields["words"].text().strip(),
        )  # fmt: skip

    def check(self, call: PhoneCall, thread: PartnerThread, now_ns: int) -> bool:
        """Whether it can be kept; says what is wrong, and goes to the first field that is."""
        found = check_call(call, thread, now_ns, self._figures)
        self.say_problems(found)
        if found:
            first = "name" if not call.name and call.outcome != "no_answer" else "words"
            self.fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
        return not found

    def say_problems(self, problems: tuple[Words, ...]) -> None:
        """Say what is wrong, or nothing."""
        self.problem.setText("\n".join(self._moments.catalogue.words(one) for one in problems))
        self.problem.setVisible(bool(problems))

    def _called_ns(self, now_ns: int) -> int:
        """The last moment at which the city's clock showed what is written; now where nothing is."""
        text = self.fields["time"].text().strip()
        if not text:
            return now_ns
        read = _CLOCK.fullmatch(text)
        if read is None:
            return 0
        hour, minute, second = (int(one or 0) for one in read.groups())
        if hour > 23 or minute > 59 or second > 59:
            return 0
        today = self._moments.local(now_ns)
        at = today.replace(hour=hour, minute=minute, second=second, microsecond=0)
        if at > today:
            at -= timedelta(days=1)
        called_ns = int(at.timestamp()) * SECOND_NS
        # A whole second: what was called in this second was not before the draft of this second.
        return min(now_ns, called_ns + SECOND_NS - 1) if now_ns - called_ns < DAY_NS else called_ns


class _Pick:
    """Chooses one name. An object with a method, because acts hold their handlers weakly."""

    def __init__(self, form: CallForm, what: str, name: str) -> None:
        self._form, self._what, self._name = form, what, name

    def pick(self) -> None:
        self._form.choose(self._what, self._name)
