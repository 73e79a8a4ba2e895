"""Writing a disaster message: level, text to begin from, both languages with their length, area, time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from console.language import Catalogue
from console.model.base import Words, same_words
from console.model.message import LEVELS, DisasterMessage, MessageArea, MessageContent, MessageKind
from console.profile.messages import MessageBook, MessageText
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.messages.areas import AreaList

if TYPE_CHECKING:
    from console.desk.board import Board

TEXT_PX = 58
LIST_PX = 176
MOST_MINUTES = 1440


class _Text(QPlainTextEdit):
    """One language's text: a line that wraps; Tab leaves it, Enter is for the form."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


class MessageForm(QWidget):
    """What is written is kept until it is sent or left. UI thread only.

    Signals:
        changed: something was written or chosen.
    """

    changed = Signal()

    def __init__(
        self, board: Board, book: MessageBook, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("messages-form")
        self._board, self._book, self._catalogue, self._moments = board, book, catalogue, moments
        self._kind: MessageKind = "alert"
        self._replaces = self._incident_id = self.message_id = ""
        self._template = ""
        self._level = "advisory"
        self._templates: list[MessageText] = []
        self.title = ElidedLabel(self, weight="bold")
        self._levels: dict[str, QPushButton] = {}
        levels = QHBoxLayout()
        levels.setSpacing(tokens.space(1))
        for level in LEVELS:
            button = QPushButton(self)
            button.setObjectName(f"messages-level-{level}")
            button.setCheckable(True)
            button.setProperty("level", level)
            button.clicked.connect(self._level_pressed)
            levels.addWidget(button)
            self._levels[level] = button
        levels.addStretch(1)
        self.use = ElidedLabel(self, size="small", ink="dim")
        self.template = QComboBox(self)
        self.template.setObjectName("messages-template")
        self.template.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.texts: dict[str, QPlainTextEdit] = {}
        self.counts: dict[str, ElidedLabel] = {}
        self.areas = AreaList(board, catalogue, self)
        self.areas_title = label(self, size="small", ink="dim")
        self.valid = QSpinBox(self)
        self.valid.setRange(1, MOST_MINUTES)
        self.valid_title = label(self, size="small", ink="dim")
        self.urgent = QLineEdit(self)
        self.urgent.setMaxLength(500)
        left = QGridLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setHorizontalSpacing(tokens.space(2))
        left.setVerticalSpacing(tokens.space(1))
        left.addLayout(levels, 0, 0, 1, 2)
        left.addWidget(self.use, 1, 0, 1, 2)
        left.addWidget(self.template, 2, 0, 1, 2)
        left.setRowStretch(4, 1)
        for place, language in enumerate(self.languages):
            field, count = _Text(self), ElidedLabel(self, size="small", ink="dim")
            field.setObjectName(f"messages-text-{language}")
            field.setTabChangesFocus(True)
            field.setMinimumHeight(TEXT_PX)
            field.textChanged.connect(self._typed)
            self.texts[language], self.counts[language] = field, count
            left.addWidget(count, 3, place)
            left.addWidget(field, 4, place)
            left.setColumnStretch(place, 1)
        side = QVBoxLayout()
        side.setSpacing(tokens.space(1))
        side.addWidget(self.areas_title)
        side.addWidget(self.areas, 1)
        valid = QHBoxLayout()
        valid.addWidget(self.valid_title, 1)
        valid.addWidget(self.valid)
        side.addLayout(valid)
        self.areas.setFixedWidth(LIST_PX)
        halves = QHBoxLayout()
        halves.setSpacing(tokens.space(2))
        halves.addLayout(left, 1)
        halves.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        column.addWidget(self.title)
        column.addLayout(halves, 1)
        column.addWidget(self.urgent)
        self.template.activated.connect(self._template_chosen)
        self.areas.area_changed.connect(self._tell)
        self.valid.valueChanged.connect(self._tell)
        self.urgent.textChanged.connect(self._tell)
        self._forget_words = follow(catalogue, self._retext)
        self.begin("")

    @property
    def languages(self) -> tuple[str, ...]:
        """The one that phones show first."""
        main = self._book.language
        return (main, "ko" if main == "en" else "en")

    @property
    def content(self) -> MessageContent:
        """What would be asked for."""
        said = {one: " ".join(self.texts[one].toPlainText().split()) for one in self.languages}
        return MessageContent(
            kind=self._kind, level=self._level, text=Words(en=said["en"], ko=said["ko"]),  # type: ignore[arg-type]
            area=self.areas.area, incident_id=self._incident_id, template=self._template,
            valid_min=self.valid.value(), urgent_reason=self.urgent.text().strip(), replaces=self._replaces,
        )  # fmt: skip

    @property
    def ready(self) -> bool:
        """Whether it could be asked for: written in the city's language, and short enough in both. The hub
        looks at the rest and says what is wrong."""
        content = self.content
        for language in self.languages:
            text = getattr(content.text, language)
            if not text and language != self._book.language:
                continue
            if not self._book.length(self._level, language, text).fits:
                return False
        return True

    # what is written

    def begin(self, incident_id: str, kind: MessageKind = "alert", replaces: str = "") -> None:
        """Begin a new one, from an incident where there is one: its first text and its district."""
        incident = self._board.state.incidents.get(incident_id)
        self._incident_id = incident.id if incident is not None else ""
        self._kind, self._replaces, self.message_id = kind, replaces, ""
        self._offer(incident.type if incident is not None else "")
        earlier = self._board.state.messages.get(replaces)
        self.urgent.clear()
        if earlier is not None:
            self._incident_id = earlier.content.incident_id
            self._offer(self._type())
            self.areas.show_area(earlier.content.area)
        else:
            district = incident.place.district if incident is not None else ""
            known = (district,) if district in self._board.profile.districts else ()
            self.areas.show_area(MessageArea(districts=known))
        first = "all_clear" if kind == "cancel" else self._templates[0].id if self._templates else ""
        self._use(first)

    def edit(self, message: DisasterMessage) -> None:
        """Write a draft anew."""
        content = message.content
        self._kind, self._replaces, self.message_id = content.kind, content.replaces, message.id
        self._incident_id, self._template = content.incident_id, content.template
        self._offer(self._type())
        self._show_template()
        for language in self.languages:
            self.texts[language].setPlainText(getattr(content.text, language))
        self.areas.show_area(content.area)
        self.urgent.setText(content.urgent_reason)
        self._choose_level(content.level)
        self.valid.setValue(content.valid_min)
        self._tell()

    def _type(self) -> str:
        incident = self._board.state.incidents.get(self._incident_id)
        return incident.type if incident is not None else ""

    def _offer(self, incident_type: str) -> None:
        self._templates = list(self._book.texts_for(incident_type))
        self._say_templates()

    def _say_templates(self) -> None:
        self.template.blockSignals(True)
        self.template.clear()
        for one in self._templates:
            self.template.addItem(self._catalogue.words(one.name))
        self.template.blockSignals(False)
        self._show_template()

    def _show_template(self) -> None:
        names = [one.id for one in self._templates]
        self.template.setCurrentIndex(names.index(self._template) if self._template in names else -1)

    def _use(self, template: str) -> None:
        """Put a text of the data in, filled with what is known."""
        text = self._book.texts.get(template)
        self._template = template if text is not None else ""
        self._show_template()
        if text is None:
            filled = self._book.agency
        else:
            filled = self._book.fill(text, **self._known())
            self._choose_level(text.level)
        for language in self.languages:
            self.texts[language].setPlainText(getattr(filled, language))
        self._tell()

    def _known(self) -> dict[str, Words]:
        """What the incident says of itself."""
        profile = self._board.profile
        police = next((one.number for one in profile.agencies.values() if one.kind == "police"), "")
        known = {"police": same_words(police)} if police else {}
        incident = self._board.state.incidents.get(self._incident_id)
        if incident is None:
            return known
        known["place"] = incident.place.name
        known["time"] = same_words(self._moments.minute(incident.opened_at_ns))
        district = profile.districts.get(incident.place.district)
        if district is not None:
            known["district"] = district.name
        return known

    def _choose_level(self, level: str) -> None:
        self._level = level
        told = self._book.levels.get(level)
        if told is not None:
            self.valid.setValue(told.valid_min)
        self._tell()

    def look(self) -> None:
        """Areas on the map may have come or gone."""
        self.areas.look()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    @Slot()
    def _level_pressed(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self._choose_level(str(button.property("level")))

    @Slot(int)
    def _template_chosen(self, row: int) -> None:
        if 0 <= row < len(self._templates):
            self._use(self._templates[row].id)

    @Slot()
    def _typed(self) -> None:
        self._tell()

    @Slot()
    def _tell(self) -> None:
        say = self._catalogue.say
        for level, button in self._levels.items():
            button.setChecked(level == self._level)
        told = self._book.levels.get(self._level)
        if told is not None:
            words = self._catalogue.words
            self.use.setText(f"{words(told.use)} · {words(told.sound)}")
        for language, field in self.texts.items():
            text = " ".join(field.toPlainText().split())
            length = self._book.length(self._level, language, text)
            optional = not text and language != self._book.language
            name = say(f"messages.language.{language}")
            key = "messages.count" if length.fits or optional else "messages.count_over"
            self.counts[language].setText(say(key, language=name, n=length.count, most=length.most))
            style(self.counts[language], ink="dim" if length.fits or optional else "p1")
        incident = self._board.state.incidents.get(self._incident_id)
        about = say("messages.no_incident")
        if incident is not None:
            kind = self._board.profile.incident_types.get(incident.type)
            name = self._catalogue.words(kind.name) if kind is not None else incident.type
            about = f"{name}, {self._catalogue.words(incident.place.name)}"
        key = "edit" if self.message_id else self._kind
        self.title.setText(say(f"messages.form.{key}", about=about))
        local = self._moments.local(self._board.clock.now_ns())
        night = self._book.is_night(local.hour + local.minute / 60, self._level)
        self.urgent.setVisible(night or bool(self.urgent.text()))
        chosen = self.areas.area
        whole = not (chosen.districts or chosen.polygon)
        self.areas_title.setText(say("messages.area_all") if whole else say("messages.area"))
        style(self.areas_title, ink="p2" if whole else "dim")
        self.changed.emit()

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("messages.form_name"))
        for level, button in self._levels.items():
            told = self._book.levels[level]
            button.setText(self._catalogue.words(told.name))
            button.setToolTip(self._catalogue.words(told.use))
        self.template.setAccessibleName(say("messages.template"))
        self.areas.setAccessibleName(say("messages.area"))
        self.valid_title.setText(say("messages.valid"))
        self.valid.setAccessibleName(say("messages.valid"))
        self.urgent.setPlaceholderText(say("messages.urgent"))
        self.urgent.setAccessibleName(say("messages.urgent"))
        for language, field in self.texts.items():
            field.setAccessibleName(say("messages.text", language=say(f"messages.language.{language}")))
        self.areas.reword()
        self._say_templates()
        self._tell()
