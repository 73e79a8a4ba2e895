"""What an act still needs to know, asked in place of the buttons: a note, words for a partner, an outcome.

Nothing pops up and nothing is covered. Enter sends, Esc leaves; what was typed is kept for the incident.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import type_name
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

MAX_TEXT = 10_000
"""What the hub takes (console.rules.commands)."""
OUTCOMES = (("real", "1"), ("false", "2"), ("test", "3"))


class NotePanel(QWidget):
    """One line to write."""

    def __init__(self, texts: Texts, tokens: Tokens) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setMaxLength(MAX_TEXT)
        texts.put(self.field, accessibleName="incidents.note.field", placeholderText="incidents.note.hint")
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)


class HandOffPanel(QWidget):
    """What the partner will get, readable in five seconds, and the person's own words."""

    def __init__(self, profile: Profile, catalogue: Catalogue, texts: Texts, tokens: Tokens) -> None:
        super().__init__()
        self._profile, self._catalogue = profile, catalogue
        self.agency = ""
        self.title = ElidedLabel(size="strong", weight="bold")
        self.field = QLineEdit()
        self.field.setMaxLength(MAX_TEXT)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.space(3))
        grid.setVerticalSpacing(tokens.space(1))
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.title, 0, 0, 1, 2)
        self.parts: dict[str, ElidedLabel] = {}
        for row, name in enumerate(("type", "place", "code", "why"), 1):
            heading, value = label(ink="dim"), ElidedLabel()
            texts.put(heading, f"incidents.handoff.{name}")
            grid.addWidget(heading, row, 0)
            grid.addWidget(value, row, 1)
            self.parts[name] = value
        texts.put(
            self.field, accessibleName="incidents.handoff.field", placeholderText="incidents.handoff.hint"
        )
        grid.addWidget(self.field, 5, 0, 1, 2)

    def show_incident(self, incident: Incident, agency: str) -> None:
        """Say what goes to this agency."""
        self.agency = agency
        say, profile = self._catalogue, self._profile
        partner = profile.agencies[agency]
        self.title.setText(
            say.say(
                "incidents.handoff.title", agency=say.words(partner.short), name=say.words(partner.name),
                number=partner.number,
            )
        )  # fmt: skip
        kind = profile.incident_types.get(incident.type)
        type_words = type_name(profile, say, incident.type)
        self.parts["type"].setText(f"{type_words} · {say.say(f'kit.priority.{incident.priority}')}")
        address = say.words(incident.place.address)
        place = say.words(incident.place.name)
        self.parts["place"].setText(f"{place} · {address}" if address else place)
        code = kind.code if kind is not None else ""
        self.parts["code"].setText(code or say.say("incidents.handoff.no_code"))
        self.parts["why"].setText(say.words(incident.reasons[-1]) if incident.reasons else "")


class OutcomePanel(QWidget):
    """Real, false or test: one key each.

    Signals:
        decided(str): the outcome.
    """

    decided = Signal(str)

    def __init__(self, actions: Actions, texts: Texts, tokens: Tokens) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.space(2))
        ask = label()
        texts.put(ask, "incidents.outcome.ask")
        row.addWidget(ask, 1)
        for (outcome, key), handler in zip(OUTCOMES, (self._real, self._false, self._test), strict=True):
            name = f"incident.outcome.{outcome}"
            actions.add(
                name, f"incidents.outcome.{outcome}", key, handler, owner=self,
                group="incidents.group.detail", only_focused=True,
            )  # fmt: skip
            row.addWidget(actions.button(name, self))

    def _real(self) -> None:
        self.decided.emit("real")

    def _false(self) -> None:
        self.decided.emit("false")

    def _test(self) -> None:
        self.decided.emit("test")


class Inline(QWidget):
    """The place under the buttons where one of the panels opens.

    Acts, only while it has the keyboard: incident.send (Enter), incident.cancel (Esc).

    Signals:
        noted(str), handed_off(agency, text), resolved(outcome): send this.
        left: closed without sending, or after it; the buttons have the keyboard again.
    """

    noted = Signal(str)
    handed_off = Signal(str, str)
    resolved = Signal(str)
    left = Signal()

    def __init__(
        self, profile: Profile, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._actions = actions
        self._texts = Texts(catalogue)
        self._incident_id = ""
        self._drafts: dict[tuple[str, str], str] = {}
        self.note = NotePanel(self._texts, tokens)
        self.handoff = HandOffPanel(profile, catalogue, self._texts, tokens)
        self.outcome = OutcomePanel(actions, self._texts, tokens)
        self.outcome.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stack = QStackedWidget()
        for panel in (self.note, self.handoff, self.outcome):
            self._stack.addWidget(panel)
        for name, key, handler in (
            ("incident.send", "Return", self.send), ("incident.cancel", "Esc", self.leave),
        ):  # fmt: skip
            actions.add(
                name, f"incidents.act.{name.removeprefix('incident.')}", key, handler, owner=self,
                group="incidents.group.detail", only_focused=True,
            )  # fmt: skip
        self._send = actions.button("incident.send", self, role="act")
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.space(2))
        buttons.addWidget(self._send)
        buttons.addWidget(actions.button("incident.cancel", self))
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(2))
        column.addWidget(self._stack)
        column.addLayout(buttons)
        # The keypad's Enter is another key than the act's.
        self.note.field.returnPressed.connect(self.send)
        self.handoff.field.returnPressed.connect(self.send)
        self.outcome.decided.connect(self._decide)
        self.setTabOrder(self.note.field, self._send)
        self.hide()

    def is_open(self) -> bool:
        return not self.isHidden()

    def open_note(self, incident: Incident) -> None:
        """Ask for a note."""
        self._open(incident.id, self.note)
        self.note.field.setText(self._drafts.get((incident.id, "note"), ""))
        self.note.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_handoff(self, incident: Incident, agency: str) -> None:
        """Show what `agency` will get and ask for words to it."""
        self._open(incident.id, self.handoff)
        self.handoff.show_incident(incident, agency)
        self.handoff.field.setText(self._drafts.get((incident.id, agency), ""))
        self.handoff.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_outcome(self, incident: Incident) -> None:
        """Ask how it turned out."""
        self._open(incident.id, self.outcome)
        self.outcome.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self, incident: Incident) -> None:
        """Say the hand-off's particulars anew (the incident or the language changed)."""
        if self.is_open() and self._stack.currentWidget() is self.handoff:
            self.handoff.show_incident(incident, self.handoff.agency)

    @Slot()
    def send(self) -> None:
        """Send what the open panel holds."""
        if not self.is_open():
            return
        panel = self._stack.currentWidget()
        if panel is self.note:
            text = self.note.field.text().strip()
            if text:
                self._drafts.pop((self._incident_id, "note"), None)
                self.note.field.clear()
                self._close()
                self.noted.emit(text)
        elif panel is self.handoff:
            agency, text = self.handoff.agency, self.handoff.field.text().strip()
            self._drafts.pop((self._incident_id, agency), None)
            self.handoff.field.clear()
            self._close()
            self.handed_off.emit(agency, text)

    @Slot()
    def leave(self) -> None:
        """Close without sending; what was typed is kept."""
        if not self.is_open():
            return
        panel = self._stack.currentWidget()
        if panel is self.note:
            self._drafts[self._incident_id, "note"] = self.note.field.text()
        elif panel is self.handoff:
            self._drafts[self._incident_id, self.handoff.agency] = self.handoff.field.text()
        self._close()

    @Slot(str)
    def _decide(self, outcome: str) -> None:
        self._close()
        self.resolved.emit(outcome)

    def _open(self, incident_id: str, panel: QWidget) -> None:
        self.leave()
        self._incident_id = incident_id
        self._stack.setCurrentWidget(panel)
        sends = panel is not self.outcome
        self._actions.enable("incident.send", sends)
        self._send.setVisible(sends)
        for place in range(self._stack.count()):
            # A stack is as high as its highest page; pages that are not shown ask for nothing.
            page = self._stack.widget(place)
            policy = page.sizePolicy()
            wish = policy.Policy.Preferred if page is panel else policy.Policy.Ignored
            policy.setVerticalPolicy(wish)
            page.setSizePolicy(policy)
        self.show()

    def _close(self) -> None:
        self.hide()
        self.left.emit()
