"""All layouts a desk can choose from: what was saved for all desks, and what came with the city. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from console.desk.board import Board
from console.language import Catalogue
from console.model.layout import MOST_NUMBER, WallLayout


@dataclass(frozen=True)
class Kept:
    """A layout and where it comes from: `saved` by somebody, or the city's own as it was shipped."""

    layout: WallLayout
    saved: bool
    of_city: bool


class LayoutBook:
    """Reads the board each time; keeps nothing."""

    def __init__(self, board: Board, catalogue: Catalogue) -> None:
        self._board, self._catalogue = board, catalogue

    def all(self) -> list[Kept]:
        """By number, then those without one by name. What was saved stands in the place of a city's own;
        where both claim a number, the saved one has it."""
        saved = self._board.state.layouts
        shipped = self._board.profile.layouts
        taken = {one.number for one in saved.values()}
        found = [Kept(one, True, one.id in shipped) for one in saved.values()]
        for one in shipped.values():
            if one.id not in saved:
                layout = one.said_in(self._catalogue.language)
                if layout.number in taken:
                    layout = _without_number(layout)
                found.append(Kept(layout, False, True))
        return sorted(found, key=_order)

    def get(self, layout_id: str) -> Kept | None:
        return next((one for one in self.all() if one.layout.id == layout_id), None) if layout_id else None

    def numbered(self, number: int) -> WallLayout | None:
        """The layout this number calls."""
        return next((one.layout for one in self.all() if number and one.layout.number == number), None)

    def free_number(self) -> int:
        """The lowest number that calls nothing; 0 when all are taken."""
        taken = {one.layout.number for one in self.all()}
        return next((number for number in range(1, MOST_NUMBER + 1) if number not in taken), 0)


def _without_number(layout: WallLayout) -> WallLayout:
    return msgspec.structs.replace(layout, number=0)


def _order(kept: Kept) -> tuple[int, str]:
    return kept.layout.number or MOST_NUMBER + 1, kept.layout.name.casefold()
