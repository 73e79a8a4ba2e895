"""Asking the city for pictures, and seeing them: a window beside the cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from console.agency.facts import CaseFacts
from console.agency.linked import Linked
from console.agency.view import Asked, Look, PictureForm, View
from console.agency.window.look import Look as Style
from console.agency.window.screen import MakePlayer, SharedScreen
from console.clock import SECOND_NS, Clock
from console.language import Catalogue
from console.model.base import Position

_FIELDS = ("service", "purpose", "legal_basis", "where", "radius", "minutes", "recorded")
_KEYS = {"ask": "Ctrl+Return", "live": "L", "record": "E", "stop": "S", "back": "Delete"}


class PictureOffice(Protocol):
    """What this window asks of the office."""

    def ask_pictures(self, form: PictureForm) -> None: ...
    def give_back(self, name: str, reason: str) -> None: ...
    def look(self, look: Look | None) -> None: ...
    def looked(self, number: int, why: str, pictures: int) -> None: ...


class PictureRoom(QWidget):
    """`circle` says where the form asks for (Position, metres) while the window is open, else None."""

    circle = Signal(object)

    def __init__(
        self, office: PictureOffice, services: tuple[Linked, ...], catalogue: Catalogue, style: Style,
        clock: Clock, make: MakePlayer, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.Window)
        self._office = office
        self._services = services
        self._catalogue = catalogue
        self._clock = clock
        self._case: CaseFacts | None = None
        self._at: Position | None = None
        self._asked: tuple[Asked, ...] = ()
        self._last = 0
        self._build(style, make)
        self.retranslate()
        self.resize(1080, 640)

    def _build(self, style: Style, make: MakePlayer) -> None:
        self.service, self.purpose, self.legal_basis = QComboBox(), QComboBox(), QComboBox()
        self.where = QLabel()
        self.where.setWordWrap(True)
        self.where.setMinimumHeight(3 * self.where.fontMetrics().height())  # a form gives it one line else
        self.radius, self.minutes, self.recorded = QDoubleSpinBox(), QDoubleSpinBox(), QDoubleSpinBox()
        for spin, least, step in ((self.radius, 10, 50), (self.minutes, 1, 5), (self.recorded, 0, 5)):
            spin.setDecimals(0)
            spin.setMinimum(least)
            spin.setSingleStep(step)
        self.recorded.setMaximum(60)
        self.service.currentIndexChanged.connect(self._service_chosen)
        self.radius.valueChanged.connect(self._show_circle)
        self.requests, self.cameras = QListWidget(), QListWidget()
        self.requests.currentRowChanged.connect(self._request_chosen)
        self.cameras.itemActivated.connect(self._live)
        self.screen_view = SharedScreen(self._catalogue, style, make)
        self.screen_view.over.connect(self._over)
        self.buttons: dict[str, QPushButton] = {}
        for name, key in _KEYS.items():
            self.buttons[name] = button = QPushButton()
            button.clicked.connect(getattr(self, f"_{name}"))
            QShortcut(QKeySequence(key), self).activated.connect(button.click)
        QShortcut(QKeySequence("Escape"), self).activated.connect(self.close)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        self.labels = {name: QLabel() for name in _FIELDS}
        for name in _FIELDS:
            field = getattr(self, name)
            self.labels[name].setBuddy(field)
            form.addRow(self.labels[name], field)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.buttons["ask"])
        self.heads = {name: QLabel() for name in ("requests", "cameras")}
        for name, part in (("requests", self.requests), ("cameras", self.cameras)):
            column.addWidget(self.heads[name])
            column.addWidget(part, 1)
        row = QHBoxLayout()
        for name in ("live", "record", "stop", "back"):
            row.addWidget(self.buttons[name])
        right = QVBoxLayout()
        right.addWidget(self.screen_view, 1)
        right.addLayout(row)
        left.setMinimumWidth(360)
        left.setMaximumWidth(440)
        whole = QHBoxLayout(self)
        whole.addWidget(left)
        whole.addLayout(right, 1)

    def retranslate(self) -> None:
        say = self._catalogue.say
        self.setWindowTitle(say("agency.pictures.title"))
        for name in _FIELDS:
            self.labels[name].setText(say(f"agency.pictures.{name}"))
            getattr(self, name).setAccessibleName(say(f"agency.pictures.{name}"))
        for name, key in _KEYS.items():
            text = say(f"agency.pictures.{name}_act")
            self.buttons[name].setText(say("agency.act.with_key", act=text, key=key))
            self.buttons[name].setAccessibleName(text)
        for name, head in self.heads.items():
            head.setText(say(f"agency.pictures.{name}"))
        self.requests.setAccessibleName(say("agency.pictures.requests"))
        self.cameras.setAccessibleName(say("agency.pictures.cameras"))
        self.radius.setSuffix(" m")
        for spin in (self.minutes, self.recorded):
            spin.setSuffix(say("agency.pictures.minutes_suffix"))
        _fill(self.service, [(one.id, self._catalogue.words(one.name)) for one in self._services])
        self._service_names(reset=False)
        self.screen_view.retranslate()
        self._show_where()
        self._show_asked(anew=True)

    def open_for(self, case: CaseFacts | None) -> None:
        """Come up, with the form filled for this case."""
        self._case = case
        if case is not None:
            self._at = case.letter.position
        self._show_where()
        self.show()
        self.activateWindow()
        self._show_circle()

    @Slot(object)
    def point(self, at: Position) -> None:
        """Somebody pressed on the map: ask about that place."""
        if self.isVisible():
            self._at, self._case = at, None
            self._show_where()
            self._show_circle()

    def take(self, view: View) -> None:
        """What the office shows now."""
        if view.asked != self._asked:
            self._asked = view.asked
            self._show_asked(anew=False)
        looking, shown = view.looking, self.screen_view.looking
        if looking is not None and (shown is None or shown.id != looking.id) and looking.id > self._last:
            self._last = looking.id
            self.screen_view.begin(looking)
        self._show_buttons()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever closes the window looks no more."""
        self._stop()
        self.circle.emit(None)
        super().closeEvent(event)

    @property
    def chosen(self) -> Asked | None:
        row = self.requests.currentRow()
        name = self.requests.item(row).data(Qt.ItemDataRole.UserRole) if row >= 0 else ""
        return next((one for one in self._asked if one.id == name), None)

    def _show_where(self) -> None:
        say, case, at = self._catalogue.say, self._case, self._at
        if at is None:
            self.where.setText(say("agency.pictures.nowhere"))
        else:
            told = case.told(self._catalogue.language) if case is not None else None
            name = told.place if told is not None else say("agency.pictures.map")
            point = f"{at.lat:.6f}, {at.lon:.6f}"
            self.where.setText(f"{name.replace(f' [{point}]', '')}\n{point}")
        self._show_buttons()

    def _show_asked(self, *, anew: bool) -> None:
        """Requests as they stand; the chosen one stays chosen, a new one is chosen."""
        rows = range(self.requests.count())
        before = {self.requests.item(row).data(Qt.ItemDataRole.UserRole) for row in rows}
        chosen = self.chosen
        keep = chosen.id if chosen is not None else ""
        new = [one.id for one in self._asked if one.id not in before]
        self.requests.blockSignals(True)
        self.requests.clear()
        for one in self._asked:
            item = QListWidgetItem(self._line(one))
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            item.setToolTip(item.text())
            self.requests.addItem(item)
        names = [one.id for one in self._asked]
        want = new[0] if new and not anew else keep
        self.requests.setCurrentRow(names.index(want) if want in names else (0 if names else -1))
        self.requests.blockSignals(False)
        self._request_chosen()

    def _line(self, one: Asked) -> str:
        say = self._catalogue.say
        clock = datetime.fromtimestamp(one.at_ns / SECOND_NS, UTC).astimezone().strftime("%H:%M:%S")
        names = {each.id: self._catalogue.words(each.name) for each in self._services}
        service = names.get(one.service, one.service)
        state = say("agency.pictures.offered") if one.offered else say(f"agency.pictures.state.{one.state}")
        if one.state == "granted" and one.until_ns:
            until = datetime.fromtimestamp(one.until_ns / SECOND_NS, UTC).astimezone()
            state = say("agency.pictures.until", state=state, until=until.strftime("%H:%M"))
        words = self._catalogue.words(one.words)
        return " · ".join(part for part in (clock, service, state, words) if part)

    @Slot()
    def _request_chosen(self) -> None:
        one = self.chosen
        links = one.links if one is not None else ()
        texts = [
            f"{self._catalogue.words(link.name)} · {link.camera} · {link.distance_m:.0f} m" for link in links
        ]
        if texts != [self.cameras.item(row).text() for row in range(self.cameras.count())]:
            self.cameras.clear()
            for text, link in zip(texts, links, strict=True):
                item = QListWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, link.camera)
                self.cameras.addItem(item)
            self.cameras.setCurrentRow(0 if links else -1)
        self._show_buttons()

    def _show_buttons(self) -> None:
        one, camera = self.chosen, self._camera()
        link = next((each for each in one.links if each.camera == camera), None) if one is not None else None
        self.buttons["ask"].setEnabled(self._at is not None and bool(self._services))
        self.buttons["live"].setEnabled(link is not None and bool(link.live))
        self.buttons["record"].setEnabled(link is not None and bool(link.recorded))
        self.buttons["stop"].setEnabled(self.screen_view.looking is not None)
        back = one is not None and not one.offered and one.state in ("waiting", "granted")
        self.buttons["back"].setEnabled(back)

    def _camera(self) -> str:
        row = self.cameras.currentRow()
        return str(self.cameras.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else ""

    @Slot()
    def _service_chosen(self) -> None:
        self._service_names(reset=True)

    def _service_names(self, *, reset: bool) -> None:
        service = next((one for one in self._services if one.id == self.service.currentData()), None)
        if service is None:
            return
        _fill(self.purpose, [(one.id, self._catalogue.words(one.name)) for one in service.purposes])
        _fill(self.legal_basis, [(one.id, self._catalogue.words(one.name)) for one in service.bases])
        self.radius.setMaximum(service.most_radius_m)
        self.minutes.setMaximum(service.most_minutes)
        if reset or self.radius.value() <= self.radius.minimum():
            self.radius.setValue(service.radius_m)
            self.minutes.setValue(service.minutes)

    @Slot()
    def _show_circle(self) -> None:
        if self.isVisible() and self._at is not None:
            self.circle.emit((self._at, self.radius.value()))

    @Slot()
    def _ask(self) -> None:
        if self._at is None or not self._services:
            return
        case = self._case
        self._office.ask_pictures(
            PictureForm(
                service=str(self.service.currentData()), purpose=str(self.purpose.currentData()),
                legal_basis=str(self.legal_basis.currentData()), position=self._at,
                radius_m=self.radius.value(), minutes=self.minutes.value(),
                number=case.number if case is not None else "",
                place=case.told(self._catalogue.language).place if case is not None else "",
                recorded_min=self.recorded.value(),
            )
        )  # fmt: skip

    @Slot()
    def _live(self) -> None:
        self._look("live")

    @Slot()
    def _record(self) -> None:
        self._look("recorded")

    def _look(self, form: str) -> None:
        one, camera = self.chosen, self._camera()
        if one is not None and camera:
            self._office.look(
                Look(asked=one.id, camera=camera, form="live" if form == "live" else "recorded")
            )

    @Slot()
    def _stop(self) -> None:
        self.screen_view.stop()
        self._show_buttons()

    @Slot()
    def _back(self) -> None:
        one = self.chosen
        if one is not None:
            self._office.give_back(one.id, self._catalogue.say("agency.pictures.back_reason"))

    @Slot(int, str, int)
    def _over(self, number: int, why: str, pictures: int) -> None:
        self._office.looked(number, why, pictures)
        self._show_buttons()


def _fill(box: QComboBox, items: list[tuple[str, str]]) -> None:
    """These choices; the chosen one stays where it is still there."""
    if [(box.itemData(row), box.itemText(row)) for row in range(box.count())] == items:
        return
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    for name, text in items:
        box.addItem(text, name)
    box.setCurrentIndex(max(0, box.findData(chosen)) if items else -1)
    box.blockSignals(False)
