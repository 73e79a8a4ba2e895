"""The field of the map: what is typed is looked for in everything that has a name, and answered as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.geo.coordinates import degrees_minutes_seconds, grid_reference
from console.geo.gazetteer import FoundPlace, Gazetteer
from console.language import Catalogue
from console.model.base import Position
from widgets.map.draft import said_length
from widgets.map.side import SideRow

if TYPE_CHECKING:
    from console.desk.board import Board

SCALE_OF = {
    "coordinate": "street", "address": "street", "device": "street", "feature": "street", "site": "street",
    "street": "district", "district": "district", "incident": "street",
}  # fmt: skip
"""At which zoom an answer is shown."""
MOST = 60


class Finding:
    """Words for answers. UI thread only; a search takes a few milliseconds."""

    def __init__(self, board: Board, catalogue: Catalogue) -> None:
        self._board, self._catalogue = board, catalogue
        self.gazetteer: Gazetteer | None = None
        """None while the names are read."""
        self.devices = 0

    def rows(self, text: str, near: Position) -> list[SideRow]:
        """The answers to a text as lines, best first."""
        if self.gazetteer is None or not text.strip():
            self.devices = 0
            return []
        answer = self.gazetteer.search(text, near, MOST)
        self.devices = answer.devices
        return [self._row(one) for one in answer.found]

    def note(self, rows: int) -> str:
        """How many there are, or why there are none."""
        say = self._catalogue.say
        if self.gazetteer is None:
            return say("map.find.reading")
        if not rows:
            return say("map.find.nothing")
        return say("map.find.count", devices=f"{self.devices:,}")

    def _row(self, found: FoundPlace) -> SideRow:
        words, say = self._catalogue.words, self._catalogue.say
        name, detail = words(found.name), words(found.detail)
        if found.kind == "coordinate":
            grid = grid_reference(found.position, self._board.profile.country)
            detail = " · ".join(filter(None, (degrees_minutes_seconds(found.position), grid)))
        elif found.kind == "device":
            detail = f"{found.id} · {detail}"
        elif found.kind == "address":
            detail = say("map.find.by_number")
        river = found.kind == "street" and found.id == "river"
        kind = say(f"map.find.kind.{'river' if river else found.kind}")
        second = " · ".join(filter(None, (kind, detail, said_length(found.m))))
        return SideRow(f"{name}\n{second}", ("found", found), tip=name)
