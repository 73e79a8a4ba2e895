"""The area under the wall: charts, map, cameras, replay or export, one at a time; the wall stays in sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from widgets.kit.actions import Act, Actions, key_text
from widgets.kit.labels import style
from widgets.kit.tokens import Tokens

TABS_PX = 28
SPACE_PX = 6


class TabButton(QToolButton):
    """One page's act as a tab: words and key; underlined while its page is shown."""

    def __init__(self, act: Act, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act = act
        self._short = False
        self.setObjectName(f"button.{act.act_id}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style(self, role="tab")
        self.clicked.connect(act.trigger)
        act.changed.connect(self._follow)
        self._follow()

    def shorten(self, short: bool) -> None:
        """Leave the key to the tooltip, or say it."""
        if short != self._short:
            self._short = short
            self._follow()

    @Slot()
    def _follow(self) -> None:
        text = self._act.text()
        self.setText(text if self._short else f"{text}  {key_text(self._act.shortcut())}")
        self.setAccessibleName(self._act.text())
        self.setToolTip(self._act.toolTip())
        self.setChecked(self._act.isChecked())


class _Tabs(QWidget):
    """The row of tabs. Where there is no room the keys go, before the window would have to be wider."""

    def buttons(self) -> list[TabButton]:
        return self.findChildren(TabButton)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, TABS_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Say the keys where there is room for all of them."""
        buttons = self.buttons()
        for short in (False, True):
            for one in buttons:
                one.shorten(short)
            if sum(one.sizeHint().width() + SPACE_PX for one in buttons) <= self.width():
                return


class LowerArea(QWidget):
    """Pages by name, each made when it is first asked for. UI thread only.

    Signals:
        page_changed(str): another page is shown.
    """

    page_changed = Signal(str)

    def __init__(self, actions: Actions, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lower")
        self._actions = actions
        self._pages: dict[str, QWidget | Callable[[], QWidget]] = {}
        self._chosen: dict[str, _Choosing] = {}
        self.current = ""
        self.tabs = _Tabs(self)
        self.tabs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs.setFixedHeight(TABS_PX)
        style(self.tabs, role="header")
        self._row = QHBoxLayout(self.tabs)
        self._row.setContentsMargins(tokens.space(1), 0, tokens.space(1), 0)
        self._row.setSpacing(tokens.space(1))
        self._row.addStretch(1)
        self.stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)

    def add_page(self, name: str, key: str, page: QWidget | Callable[[], QWidget], owner: QWidget) -> None:
        """Offer a page, or what makes it; the act `shell.lower_NAME` shows it. The first one is shown."""
        self._pages[name] = page
        chosen = self._chosen[name] = _Choosing(self, name)
        act = self._actions.add(
            f"shell.lower_{name}", f"shell.act.lower_{name}", key, chosen.choose, owner=owner,
            group="shell.group", checkable=True,
        )  # fmt: skip
        self._row.insertWidget(self._row.count() - 1, TabButton(act, self.tabs))
        self.tabs.fit()
        if not self.current:
            self.show_page(name)

    def show_page(self, name: str) -> QWidget:
        """Show a page, making it where it was not needed before. Raises KeyError for an unknown one."""
        page = self._pages[name]
        if not isinstance(page, QWidget):
            page = self._pages[name] = page()
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        for each in self._pages:
            self._actions.act(f"shell.lower_{each}").setChecked(each == name)
        if name != self.current:
            self.current = name
            self.page_changed.emit(name)
        return page

    def page(self, name: str) -> QWidget | None:
        """A page that has been made; None for one that has not."""
        found = self._pages.get(name)
        return found if isinstance(found, QWidget) else None


class _Choosing:
    """One page's choice, as a bound method, so that the act keeps no closure alive."""

    def __init__(self, area: LowerArea, name: str) -> None:
        self._area, self._name = area, name

    def choose(self) -> None:
        page = self._area.show_page(self._name)
        target = page if page.focusPolicy() & Qt.FocusPolicy.TabFocus else page.nextInFocusChain()
        if target is not None and (target is page or page.isAncestorOf(target)):
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
