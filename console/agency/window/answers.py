"""What can be said of the chosen case: the fields, and a button and key for each act."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from console.agency.case import Act
from console.agency.facts import CaseFacts
from console.agency.tongue import ReadBack
from console.agency.view import Decision
from console.handoff.kinds import partner_kinds
from console.handoff.profile import handoff_profile
from console.language import Catalogue
from console.model.base import Position

KEYS: dict[Act, str] = {
    "open": "O", "accept": "A", "refuse": "R", "dispatch": "D", "arrive": "N", "close": "C", "transfer": "T",
    "note": "W", "read_back": "B", "cancel_accept": "X", "cancel_refuse": "K",
}  # fmt: skip
_ROWS: tuple[tuple[Act, ...], ...] = (
    ("open", "accept", "refuse", "dispatch"), ("arrive", "close", "transfer", "note", "read_back"),
)  # fmt: skip
_FIELDS = ("unit", "reason", "to", "back", "words")


class Answers(QWidget):
    """`decided` carries a Decision. The two answers to a wish to cancel have their buttons in the detail."""

    decided = Signal(object)

    def __init__(
        self, agency: str, catalogue: Catalogue, cancel_accept: QPushButton, cancel_refuse: QPushButton
    ) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._case: CaseFacts | None = None
        self.unit, self.reason, self.to = QComboBox(), QComboBox(), QComboBox()
        self.back, self.words = QLineEdit(), QLineEdit()
        self.unit.setEditable(True)
        self.to.setEditable(True)
        self.to.addItems([one for one in sorted(partner_kinds()) if one != agency])
        self.words.setMaxLength(500)
        self.buttons: dict[Act, QPushButton] = {}
        given = {"cancel_accept": cancel_accept, "cancel_refuse": cancel_refuse}
        for act in KEYS:
            self.buttons[act] = button = given.get(act) or QPushButton()
            button.clicked.connect(getattr(self, f"_{act}"))
        self._lay_out()

    def give_keys(self, window: QWidget) -> None:
        """Letters act in the whole window, but in fields they are letters."""
        for act, key in KEYS.items():
            QShortcut(QKeySequence(key), window).activated.connect(self.buttons[act].click)

    def _lay_out(self) -> None:
        form = QFormLayout()
        self.labels = {name: QLabel() for name in _FIELDS}
        for name in _FIELDS:
            field = getattr(self, name)
            self.labels[name].setBuddy(field)
            form.addRow(self.labels[name], field)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 0, 0, 0)
        whole.addLayout(form)
        for row in _ROWS:
            buttons = QHBoxLayout()
            for act in row:
                buttons.addWidget(self.buttons[act])
            whole.addLayout(buttons)

    def retranslate(self) -> None:
        say = self._catalogue.say
        for name in _FIELDS:
            self.labels[name].setText(say(f"agency.field.{name}"))
            getattr(self, name).setAccessibleName(say(f"agency.field.{name}"))
        self.words.setPlaceholderText(say("agency.field.words_hint"))
        for act, button in self.buttons.items():
            button.setText(say("agency.act.with_key", act=say(f"agency.act.{act}"), key=KEYS[act]))
            button.setAccessibleName(say(f"agency.act.{act}"))
        chosen = max(0, self.reason.currentIndex())
        self.reason.clear()
        for reason in handoff_profile().reasons.known:
            self.reason.addItem(say(f"handoff.reason.{reason}"), reason)
        self.reason.setCurrentIndex(chosen)

    def show_case(self, case: CaseFacts | None, units: list[tuple[str, str]], *, runs: bool) -> None:
        """What can be done with this case. `units` are (id, text) of the free ones, soonest first."""
        another = case is None or self._case is None or case.number != self._case.number
        self._case = case
        may = case.may if case is not None and runs else ()
        for act, button in self.buttons.items():
            button.setEnabled(act in may)
        self.show_units(units, anew=another)
        if another:
            self.back.setText("" if case is None else _understood(case))
            self.back.setCursorPosition(0)

    def show_units(self, units: list[tuple[str, str]], *, anew: bool = False) -> None:
        """The free units. What a person has chosen or typed stays."""
        before = [(self.unit.itemData(row), self.unit.itemText(row)) for row in range(self.unit.count())]
        if before == units and not anew:
            return
        typed = self.unit.currentText()
        own = "" if anew or typed in [text for _, text in before] else typed
        chosen = self.unit.currentData() if not anew and not own else None
        self.unit.clear()
        for unit, text in units:
            self.unit.addItem(text, unit)
        row = self.unit.findData(chosen) if chosen else 0
        self.unit.setCurrentIndex(max(0, row) if units else -1)
        if own:
            self.unit.setEditText(own)

    def _unit(self) -> str:
        row = self.unit.findText(self.unit.currentText())
        return str(self.unit.itemData(row)) if row >= 0 else self.unit.currentText().strip()

    def _ask(
        self, act: Act, *, reason: str = "", unit: str = "", to_agency: str = "",
        read_back: ReadBack | None = None,
    ) -> None:  # fmt: skip
        if self._case is None:
            return
        words = self.words.text().strip()
        self.decided.emit(
            Decision(number=self._case.number, act=act, reason=reason, unit=unit, words=words,
                     to_agency=to_agency, read_back=read_back)
        )  # fmt: skip
        self.words.clear()

    @Slot()
    def _open(self) -> None:
        self._ask("open")

    @Slot()
    def _accept(self) -> None:
        self._ask("accept", read_back=self._read())

    @Slot()
    def _refuse(self) -> None:
        self._ask("refuse", reason=str(self.reason.currentData()))

    @Slot()
    def _dispatch(self) -> None:
        self._ask("dispatch", unit=self._unit())

    @Slot()
    def _arrive(self) -> None:
        self._ask("arrive")

    @Slot()
    def _close(self) -> None:
        self._ask("close")

    @Slot()
    def _transfer(self) -> None:
        self._ask("transfer", to_agency=self.to.currentText().strip())

    @Slot()
    def _note(self) -> None:
        if self.words.text().strip():
            self._ask("note")
        else:
            self.words.setFocus()  # the first press brings to where one writes

    @Slot()
    def _read_back(self) -> None:
        self._ask("read_back", read_back=self._read())

    @Slot()
    def _cancel_accept(self) -> None:
        self._ask("cancel_accept")

    @Slot()
    def _cancel_refuse(self) -> None:
        self._ask("cancel_refuse")

    def _read(self) -> ReadBack | None:
        """What is repeated to the city, as the field says it; None where that cannot be read."""
        parts = [part.strip() for part in self.back.text().split(";")]
        if self._case is None or len(parts) != 4:
            return None
        try:
            lat, lon = (float(part) for part in parts[2].split(","))
        except ValueError:
            return None
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            return None
        return ReadBack(type=parts[0], code=parts[1], position=Position(lat=lat, lon=lon), place=parts[3])


def _understood(case: CaseFacts) -> str:
    letter = case.letter
    at = f"{letter.position.lat:.6f}, {letter.position.lon:.6f}"
    return "; ".join((letter.type, letter.grade, at, letter.en.place.replace(";", ",")))
