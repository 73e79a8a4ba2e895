"""The card beside the hand: what is said of a thing on the map, and the live picture of a camera below it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets.kit.labels import ElidedLabel, label
from widgets.kit.tokens import Tokens
from widgets.map.cardtext import CardText

WIDTH_PX = 320
PICTURE_PX = (320, 200)
GAP_PX = 18


class MapCard(QFrame):
    """Never takes the mouse or the keyboard. `picture` is a surface that shows cameras (`set_layout`), or
    None where there are no pictures. UI thread only."""

    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map-card")
        self.setProperty("role", "header")
        self.setFrameShape(QFrame.Shape.Box)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = ElidedLabel(self, size="strong", weight="bold")
        self.body = label(self, size="small")
        self.body.setWordWrap(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(tokens.space(2),) * 4)
        self._layout.setSpacing(tokens.space(1))
        self._layout.addWidget(self.title)
        self._layout.addWidget(self.body)
        self._picture: Any = None
        self.camera_id = ""
        self.at = QPoint(0, 0)
        """The point it stands beside."""
        self._text: CardText | None = None
        self.hide()

    def set_picture(self, surface: Any) -> None:
        """The surface that pictures are shown on."""
        self._picture = surface
        surface.setParent(self)
        surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        surface.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        surface.setFixedSize(PICTURE_PX[0] - 2, PICTURE_PX[1])
        self._layout.addWidget(surface)
        surface.hide()

    @property
    def has_picture(self) -> bool:
        """Whether pictures can be shown at all."""
        return self._picture is not None

    def show_text(self, text: CardText, at: QPoint) -> None:
        """Say this beside a point of the parent."""
        if text != self._text:
            self._text = text
            self.title.setText(text.title)
            self.body.setText("\n".join(text.lines))
        self._place(at)
        self.show()
        self.raise_()

    def show_camera(self, camera_id: str) -> None:
        """Show the live picture of a camera once its view is on the record; "" ends it."""
        if self._picture is None or camera_id == self.camera_id:
            return
        self.camera_id = camera_id
        self._picture.set_layout((camera_id,) if camera_id else ())
        self._picture.setVisible(bool(camera_id))
        if self.isVisible():
            self._place(self.at)

    def put_away(self) -> None:
        """Nothing is under the hand."""
        self.show_camera("")
        self.hide()

    def said(self) -> str:
        """The whole text, for a screen reader."""
        return "" if self._text is None else "\n".join((self._text.title, *self._text.lines))

    def _place(self, at: QPoint) -> None:
        """Beside the point, within the parent, never under the hand."""
        self.at = at
        self.setFixedWidth(WIDTH_PX + 2 * self._layout.contentsMargins().left())
        self._layout.activate()
        high = self._layout.heightForWidth(self.width()) if self._layout.hasHeightForWidth() else -1
        high = max(high, self._layout.minimumSize().height())
        self.resize(self.width(), high)
        room = self.parentWidget().rect()
        x = at.x() + GAP_PX
        if x + self.width() > room.right():
            x = at.x() - GAP_PX - self.width()
        y = min(at.y() + GAP_PX, room.bottom() - self.height() - 4)
        self.move(max(4, x), max(4, y))
