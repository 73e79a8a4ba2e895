"""What a partner will get, read before it is sent."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLineEdit

from console.language import Catalogue
from console.model.commands import Command, HandOffIncident
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import type_name
from widgets.incidents.asks import MAX_TEXT, Ask
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens


class HandOffAsk(Ask):
    """What the partner will get, readable in five seconds, and the person's own words."""

    def __init__(self, profile: Profile, catalogue: Catalogue, texts: Texts, tokens: Tokens) -> None:
        super().__init__("hand_off", "incidents.act.hand_off")
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

    def order(self) -> Command | None:
        assert self.field is not None
        text = self.field.text().strip()
        return HandOffIncident(incident_id=self.incident_id, agency=self.agency, text=text)
