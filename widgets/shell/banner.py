"""The banner across the top while something is wrong: a frame in the priority's colour, its shape, and
three sentences.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.language import Catalogue
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.shell.health import Health

HEIGHT = 40


class Banner(QWidget):
    """What happened, what is affected, what to do. Hidden while nothing is wrong; says how many more there
    are.
    """

    def __init__(
        self, health: Health, pulse: Pulse, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._health, self._catalogue, self._tokens = health, catalogue, tokens
        self._priority = 1
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mark = PriorityMark(tokens, 1, 20, self)
        self.happened = ElidedLabel(self, weight="bold", size="strong")
        self.affected = ElidedLabel(self)
        self.act = ElidedLabel(self, weight="bold")
        self.more = label(self, ink="dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.space(3), 2, tokens.space(3), 2)
        layout.setSpacing(tokens.space(4))
        layout.addWidget(self.mark)
        for part in (self.happened, self.affected, self.act):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.more)
        self.hide()
        pulse.second_passed.connect(self.refresh)
        pulse.health_changed.connect(self.refresh)
        pulse.incidents_changed.connect(self.refresh)
        follow(catalogue, self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        troubles = self._health.troubles()
        if not troubles:
            self.hide()
            return
        worst = troubles[0]
        self._priority = worst.priority
        self.mark.show_priority(worst.priority)
        style(self.happened, ink=f"p{worst.priority}")
        self.happened.setText(worst.happened)
        self.affected.setText(worst.affected)
        self.act.setText(worst.act)
        self.more.setText(
            self._catalogue.say("shell.trouble.more", n=len(troubles) - 1) if troubles[1:] else ""
        )
        self.more.setToolTip("\n".join(f"{one.happened} {one.affected} {one.act}" for one in troubles[1:]))
        self.setAccessibleName(worst.happened)
        self.setAccessibleDescription(f"{worst.affected} {worst.act} {self.more.toolTip()}")
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._tokens.ground("bg2"))
            painter.setPen(QPen(self._tokens.priority_mark(self._priority), 2))
            painter.drawRect(QRect(1, 1, self.width() - 2, self.height() - 2))
            if self.hasFocus():
                painter.setPen(QPen(self._tokens.mark("focus"), 1))
                painter.drawRect(QRect(4, 4, self.width() - 9, self.height() - 9))
