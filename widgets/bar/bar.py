"""The command bar: a field over the window, what may be meant under it, and what Enter will do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.bar.answers import Answers
from console.bar.figures import BarFigures
from console.bar.history import History
from console.bar.situation import Situation
from console.geo.gazetteer import Gazetteer
from console.language import Catalogue
from console.profile import Profile
from widgets.bar.field import BarField
from widgets.bar.lines import OfferList
from widgets.bar.names import NamesReader
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

WIDTH_PX, TOP_PX, PAGE = 940, 56, 6
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -PAGE, Qt.Key.Key_PageDown: PAGE}
STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CommandBar(QFrame):
    """Acts: bar.open ("/", where no text is typed), bar.open_anywhere (Ctrl+/). UI thread only; `situation`
    is asked at each key.

    Signals:
        chosen(Offer): Enter on a line that can be done. The bar is closed and the keyboard is back by then.
    """

    chosen = Signal(object)

    def __init__(
        self, profile: Profile, situation: Callable[[], Situation], figures: BarFigures, pulse: Pulse,
        actions: Actions, catalogue: Catalogue, tokens: Tokens, over: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(over)
        self._profile, self._situation, self._figures = profile, situation, figures
        self._catalogue, self._tokens = catalogue, tokens
        self.history = History(figures.history.kept)
        self._gazetteer: Gazetteer | None = None
        self._answers: Answers | None = None
        self._before: QWidget | None = None
        self.names = NamesReader(profile, pulse, self)
        self.names.came.connect(self._names_came)
        self.setObjectName("bar")
        self.setProperty("role", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts = Texts(catalogue)
        self.field = BarField(self)
        self.field.setObjectName("bar-field")
        self.field.setMaxLength(400)
        self.list = OfferList(catalogue, tokens, self)
        self.does = ElidedLabel(self, size="strong", weight="bold")
        self.hint = ElidedLabel(self, size="small", ink="dim")
        self._lay_out(tokens)
        for name, key in (("open", "/"), ("open_anywhere", "Ctrl+/")):
            actions.add(f"bar.{name}", f"bar.act.{name}", key, self.open, group="shell.group")
        self.field.typed.connect(self.look)
        self.field.installEventFilter(self)
        self.list.currentCellChanged.connect(self._tell)
        self.list.doubleClicked.connect(self._clicked)
        over.installEventFilter(self)
        pulse.second_passed.connect(self._each_second)
        pulse.ticked.connect(self._each_tick)
        tokens.changed.connect(self.look)
        self._retexts = follow(catalogue, self._retext)
        self.hide()

    @Slot()
    def open(self) -> None:
        """Show it, empty, with the keyboard; where it is open already it stays as it is."""
        self.names.want()
        if self.isVisible():
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._before = QApplication.focusWidget() or self.window().focusWidget()
        self.field.put("")
        self.look()
        self.show()
        self.raise_()
        if not self.isActiveWindow():
            self.window().activateWindow()  # it was asked for in a window beside
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_bar(self) -> None:
        """Hide it; the keyboard goes back to where it was."""
        if self.isHidden():
            return
        self.hide()
        before, self._before = self._before, None
        if before is None or not isValid(before) or not before.isVisible():
            return
        if before.window() is not self.window():
            before.window().activateWindow()
        before.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def look(self) -> None:
        """Say what the line may mean now."""
        if self._answers is None:
            self._answers = Answers(self._profile, self._catalogue, self._figures, self.history)
            self._answers.take_names(self._gazetteer)
        self.list.show_offers(self._answers.offers(self.field.words(), self._situation()))
        self._tell()
        self._place()

    def choose(self) -> None:
        """Enter: do what the line says, or complete what is typed."""
        offer = self.list.current
        if offer is None:
            return
        if offer.fills:
            self.field.put(offer.fill)
        elif not offer.refused:
            self.history.used(self.field.words(), offer.kind, offer.id)
            self.close_bar()
            self.chosen.emit(offer)

    def complete(self) -> None:
        """Tab: put the whole of the chosen line into the field."""
        offer = self.list.current
        if offer is not None and offer.fill:
            self.field.put(offer.fill)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            self._left(event.reason())
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Keys of acts are letters here; with Ctrl or as function keys they stay acts.
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if plain and not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12:
                event.accept()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close_bar()
        elif key in ENTER:
            self.choose()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.complete()
        elif key in STEPS:
            self.list.step(STEPS[key])
        else:
            return False
        return True

    def _left(self, reason: Qt.FocusReason) -> None:
        """The keyboard went elsewhere by a click or an act: the bar covers nothing any longer."""
        if self.isVisible() and reason not in STAYS:
            self._before = None
            self.hide()

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.choose()

    @Slot(object)
    def _names_came(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        if self._answers is not None:
            self._answers.take_names(gazetteer)
        if self.isVisible():
            self._look_again()

    @Slot()
    def _each_second(self) -> None:
        """What can be done changes while the bar is open: the connection, an incident that another took."""
        if self.isVisible():
            self._look_again()

    @Slot()
    def _each_tick(self) -> None:
        """Thousands of incidents that came at once are taken in by and by."""
        if self.isVisible() and self._answers is not None and self._answers.behind:
            self._look_again()

    def _look_again(self) -> None:
        """The same line, the same choice. Where what was chosen is gone nothing is chosen: Enter never does
        what slipped under the hand."""
        chosen = self.list.current
        assert self._answers is not None
        offers = self._answers.offers(self.field.words(), self._situation())
        self.list.show_offers(offers)
        if chosen is not None and not chosen.fills:
            same = (at for at, one in enumerate(offers) if one.means == chosen.means)
            self.list.choose(next(same, -1))
        self._tell()
        self._place()

    @Slot()
    def _tell(self) -> None:
        """What Enter will do; also for a screen reader, which stays in the field."""
        say, offer = self._catalogue.say, self.list.current
        if offer is None:
            key = "gone" if self.list.rowCount() else "nothing" if self._gazetteer is not None else "reading"
            text, ink = say(f"bar.{key}"), "dim"
        elif offer.refused:
            text, ink = say("bar.refused", why=offer.refused), "p2"
        else:
            text, ink = say("bar.enter", does=offer.does), ""
        self.does.setText(text)
        style(self.does, ink=ink)
        self.field.setAccessibleDescription(f"{offer.title}. {text}" if offer is not None else text)

    @Slot()
    def _retext(self) -> None:
        self._answers = None
        if self.isVisible():
            self.look()

    def _lay_out(self, tokens: Tokens) -> None:
        put = self._texts.put
        put(self, accessibleName="bar.title")
        put(self.field, accessibleName="bar.title", placeholderText="bar.field")
        put(self.list, accessibleName="bar.list")
        put(self.hint, "bar.hint")
        slash = label(self, size="large", weight="bold", ink="focus")
        slash.setText("/")
        style(self.field, size="large")
        line = QHBoxLayout()
        line.setSpacing(tokens.space(2))
        line.addWidget(slash)
        line.addWidget(self.field, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(tokens.space(3),) * 4)
        layout.setSpacing(tokens.space(2))
        layout.addLayout(line)
        layout.addWidget(self.does)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.hint)

    def _place(self) -> None:
        parent = self.parentWidget()
        rows = self.list.rowCount() * self._tokens.size("row") + 2
        others = sum(one.sizeHint().height() for one in (self.field, self.does, self.hint))
        wanted = rows + others + 12 * self._tokens.space(1)
        width = min(WIDTH_PX, parent.width() - 32)
        height = min(wanted, parent.height() - 2 * TOP_PX)
        self.setGeometry((parent.width() - width) // 2, TOP_PX, width, height)
