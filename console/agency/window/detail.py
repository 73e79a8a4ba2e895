"""The chosen case: what it is, what the city wishes, and everything that was said."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTextEdit, QVBoxLayout, QWidget

from console.agency.casetext import facts_of, html_of
from console.agency.facts import CaseFacts
from console.agency.still import Still
from console.agency.window.look import Look
from console.agency.window.stillrow import StillRow
from console.language import Catalogue


class CaseDetail(QWidget):
    """Shows one case. `cancel` are the two buttons of the banner; the frame gives them their acts."""

    def __init__(self, catalogue: Catalogue, look: Look) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._shown = ""
        self.title, self.facts, self.wish = QLabel(), QLabel(), QLabel()
        for label in (self.title, self.facts, self.wish):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setStyleSheet(f"font-size: {look.type['strong']}px; font-weight: bold;")
        self.wish.setStyleSheet(f"color: {look.ink['p2']}; font-weight: bold;")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text = QTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.banner = QFrame()
        self.banner.setObjectName("banner")
        self.cancel_accept, self.cancel_refuse = QPushButton(), QPushButton()
        row = QHBoxLayout(self.banner)
        row.addWidget(self.wish, 1)
        row.addWidget(self.cancel_accept)
        row.addWidget(self.cancel_refuse)
        self.stills = StillRow(catalogue, look)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 0, 0, 0)
        for widget in (self.title, self.facts, self.banner):
            whole.addWidget(widget)
        whole.addWidget(self.stills)
        whole.addWidget(self.text, 1)

    def retranslate(self) -> None:
        self.text.setAccessibleName(self._catalogue.say("agency.detail.name"))

    def show_stills(self, case: CaseFacts | None, stills: dict[str, Still]) -> None:
        """The pictures of the case that have come."""
        attached = case.attached(self._catalogue.language) if case is not None else ()
        self.stills.take([(one, stills.get(one.name)) for one in attached if not one.is_clip])

    def show_case(self, case: CaseFacts | None) -> None:
        """This case, or that none is chosen."""
        if case is None:
            self.title.setText(self._catalogue.say("agency.detail.none"))
            self.facts.clear()
            self.banner.hide()
            self._show_text("", same=False)
            return
        self.title.setText(case.told(self._catalogue.language).headline)
        self.facts.setText("\n".join(facts_of(case, self._catalogue)))
        self.banner.setVisible(case.cancel == "asked")
        if case.cancel == "asked":
            why = next((one.words for one in reversed(case.talk) if one.what == "cancel"), "")
            self.wish.setText(self._catalogue.say("agency.detail.cancel", why=why))
        self._show_text(html_of(case, self._catalogue), same=case.number == self._shown)
        self._shown = case.number

    def _show_text(self, html: str, *, same: bool) -> None:
        if html == self.text.property("source"):
            return  # else a reader's place in a long text would be lost
        bar = self.text.verticalScrollBar()
        place = bar.value() if same else 0
        self.text.setHtml(html)
        self.text.setProperty("source", html)
        bar.setValue(place)
