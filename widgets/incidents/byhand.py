"""Opening an incident by hand: where is given (the map, a camera) or searched for, what is one digit.

Nothing pops up: the form stands above the queue's first line until it is sent or left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.base import Place, Words
from console.model.casework import OpenedFrom
from console.model.commands import OpenCase
from console.profile import Profile
from widgets.incidents.asks import Choice, Numbered, text_field
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

PLACES_SHOWN = 5


class Spot(NamedTuple):
    """A place that was found: its words, and the device's id where it is one's."""

    place: Place
    detail: Words
    device_id: str = ""


class Caller(NamedTuple):
    """Who called. Never a part of the order: it is kept apart from the log."""

    name: str
    number: str


class ByHand(QWidget):
    """The form. `open_at` for a known place: a digit opens it; `open_call` for the phone: where, what, what
    is said and who, Enter opens it.

    Signals:
        asked(OpenCase, Caller | None): open this.
        left: closed without it.
    """

    asked = Signal(object, object)
    left = Signal()

    def __init__(
        self, profile: Profile, search: Callable[[str], Sequence[Spot]], actions: Actions,
        catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`search` finds places by what is typed; quick, UI thread."""
        super().__init__(parent)
        self._profile, self._search, self._catalogue = profile, search, catalogue
        self._texts = Texts(catalogue)
        self._from: OpenedFrom = "map"
        self._spot: Spot | None = None
        self._spots: tuple[Spot, ...] = ()
        self._type = ""
        self.setObjectName("byhand")
        style(self, role="overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel(size="strong", weight="bold")
        self.where = text_field(self._texts, "byhand.where")
        self.what = text_field(self._texts, "byhand.what")
        self.said = text_field(self._texts, "byhand.said")
        self.caller = text_field(self._texts, "byhand.caller")
        self.number = text_field(self._texts, "byhand.number")
        self.places, self.types = Numbered(tokens), Numbered(tokens)
        self._texts.put(self.places, accessibleName="incidents.byhand.places")
        self._texts.put(self.types, accessibleName="incidents.byhand.types")
        self.missing = label(ink="p2")
        for name, key, handler in (("open", "Return", self.send), ("leave", "Esc", self.leave)):
            actions.add(
                f"byhand.{name}", f"incidents.byhand.act.{name}", key, handler, owner=self,
                group="incidents.group.byhand", only_focused=True,
            )  # fmt: skip
        self._lay_out(actions, tokens)
        self.where.textEdited.connect(self._look_for_places)
        self.what.textEdited.connect(self._look_for_types)
        for field in self.fields():
            field.installEventFilter(self)
            field.returnPressed.connect(self.send)
        self.places.picked.connect(self._place_picked)
        self.types.picked.connect(self._type_picked)
        self.hide()
        follow(catalogue, self._retext)

    def fields(self) -> tuple[QLineEdit, ...]:
        """From top to bottom."""
        return self.where, self.what, self.said, self.caller, self.number

    def open_at(self, opened_from: OpenedFrom, spot: Spot) -> None:
        """Ask only what happened there; one digit opens it."""
        self._begin(opened_from, spot)
        self.what.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_call(self) -> None:
        """Somebody is on the phone: ask where, what, what is said, and who."""
        self._begin("phone", None)
        self.where.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def search_again(self) -> None:
        """More can be found now: the names of the city have been read."""
        if not self.isHidden() and self._spot is None:
            self._look_for_places(self.where.text())

    @Slot()
    def send(self) -> None:
        """Open it; what is missing is said and asked for."""
        if self._spot is None and self._spots:
            self._place_picked()
            if not self._type:
                return
        self.missing.hide()
        if self._spot is None:
            self._miss("where", self.where)
        elif not self._type and self.types.count() and self.what.text().strip():
            self._type = self.types.value()
            self._send()
        elif not self._type:
            self._miss("what", self.what)
        else:
            self._send()

    @Slot()
    def leave(self) -> None:
        """Close; nothing is opened."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A digit chooses a line while its field is empty; arrows move in the list below the field."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        shown = {self.where: self.places, self.what: self.types}.get(watched)  # type: ignore[call-overload]
        if shown is None:
            return super().eventFilter(watched, event)
        digits = event.text().isascii() and event.text().isdigit() and event.text() != "0"
        arrows = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if arrows or (digits and watched is self.what and not self.what.text()):
            shown.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _begin(self, opened_from: OpenedFrom, spot: Spot | None) -> None:
        self._from, self._spot, self._spots, self._type = opened_from, spot, (), ""
        for field in self.fields():
            field.clear()
        calls = opened_from == "phone"
        for one in (self.where, self.places, self.said, self.caller, self.number, self._secret):
            one.setVisible(calls)
        self.places.setVisible(False)
        self.missing.hide()
        self._look_for_types("")
        self.types.setVisible(not calls)
        self._say_title()
        self.show()

    def _send(self) -> None:
        assert self._spot is not None
        spot = self._spot
        order = OpenCase(
            type=self._type, opened_from=self._from, place=None if spot.device_id else spot.place,
            device_id=spot.device_id, text=self.said.text().strip(),
        )  # fmt: skip
        caller = Caller(self.caller.text().strip(), self.number.text().strip())
        for field in self.fields():
            field.clear()
        self.hide()
        self.asked.emit(order, caller if any(caller) else None)

    def _miss(self, what: str, field: QLineEdit) -> None:
        self.missing.setText(self._catalogue.say(f"incidents.byhand.missing_{what}"))
        self.missing.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _look_for_places(self, text: str) -> None:
        self._spot = None
        self._spots = tuple(self._search(text))[:PLACES_SHOWN] if text.strip() else ()
        words = self._catalogue.words
        lines = [
            Choice(str(number), " · ".join(filter(None, (words(spot.place.name), words(spot.detail)))))
            for number, spot in enumerate(self._spots)
        ]
        self.places.show_lines(lines)
        self.places.setVisible(bool(lines))
        self._say_title()

    @Slot()
    def _place_picked(self) -> None:
        number = self.places.value()
        if number:
            self._spot = self._spots[int(number)]
            self.where.setText(self._catalogue.words(self._spot.place.name))
            self.places.setVisible(False)
            self.types.setVisible(True)
            self.missing.hide()
            self._say_title()
            self.what.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _look_for_types(self, text: str) -> None:
        self._type = ""
        words = text.casefold().split()
        kinds = sorted(self._profile.incident_types.values(), key=lambda one: one.priority)
        say = self._catalogue
        lines = []
        for kind in kinds:
            both = f"{kind.name.en} {kind.name.ko} {kind.id}".casefold()
            if all(word in both for word in words):
                priority = say.say(f"kit.priority.{kind.priority}")
                lines.append(Choice(kind.id, f"{say.words(kind.name)} · {priority}"))
        self.types.show_lines(lines)
        self.types.setVisible(bool(lines) and (self._spot is not None or self._from != "phone"))

    @Slot()
    def _type_picked(self) -> None:
        self._type = self.types.value()
        if self._from != "phone":
            self.send()
            return
        self.what.setText(self._catalogue.words(self._profile.incident_types[self._type].name))
        self.types.setVisible(False)
        self.said.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_title(self) -> None:
        say = self._catalogue.say
        where = self._catalogue.words(self._spot.place.name) if self._spot is not None else ""
        key = "incidents.byhand.title_at" if where else f"incidents.byhand.title_{self._from}"
        self.title.setText(say(key, place=where))

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, unit, 2 * unit, 2 * unit)
        column.setSpacing(unit)
        for one in (self.title, self.where, self.places, self.what, self.types, self.said):
            column.addWidget(one)
        grid = QGridLayout()
        grid.setSpacing(unit)
        self._secret = label(ink="dim", size="small")
        self._texts.put(self._secret, "incidents.byhand.secret")
        self._secret.setWordWrap(True)
        grid.addWidget(self.caller, 0, 0)
        grid.addWidget(self.number, 0, 1)
        grid.addWidget(self._secret, 1, 0, 1, 2)
        column.addLayout(grid)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * unit)
        buttons.addWidget(actions.button("byhand.open", self, role="act"))
        buttons.addWidget(actions.button("byhand.leave", self))
        buttons.addWidget(self.missing)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def _retext(self) -> None:
        if not self.isHidden():
            self._say_title()
            self._look_for_types(self.what.text())
