"""What a wall shows where: a named layout that desks share."""

from __future__ import annotations

from console.model.base import Record

MOST_PLACES = 64
LONGEST_NAME = 80
MOST_NUMBER = 99
MOST_CAROUSEL = 512


class PanePlace(Record, frozen=True, kw_only=True):
    """A pane's rectangle as fractions of the wall, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


class WallLayout(Record, frozen=True, kw_only=True):
    """One wall. `shape` names a grid or a hot-spot arrangement ("4x4", "1+5"), or is "free" with `places`.

    `camera_ids` has one id for each place, empty for a place without a camera. With `carousel`, these cameras
    go through the places without a camera, each for `dwell_s`. `number` is what it is chosen by on a
    keyboard, 1 to 99; 0 for none.
    """

    id: str
    name: str
    shape: str
    places: tuple[PanePlace, ...] = ()
    camera_ids: tuple[str, ...] = ()
    carousel: tuple[str, ...] = ()
    dwell_s: float = 0.0
    number: int = 0


def layout_problem(layout: WallLayout) -> str:
    """Why this cannot be a layout, naming the field; empty when it can."""
    if not layout.id or len(layout.id) > LONGEST_NAME:
        return f"id: expected 1 to {LONGEST_NAME} characters"
    if not layout.name.strip() or len(layout.name) > LONGEST_NAME:
        return f"name: expected 1 to {LONGEST_NAME} characters"
    if not 0 <= layout.number <= MOST_NUMBER:
        return f"number: expected 1 to {MOST_NUMBER}, or 0 for none"
    if not layout.shape or len(layout.shape) > LONGEST_NAME:
        return f"shape: expected 1 to {LONGEST_NAME} characters"
    if max(len(layout.places), len(layout.camera_ids)) > MOST_PLACES or len(layout.carousel) > MOST_CAROUSEL:
        return f"places: expected at most {MOST_PLACES}, and {MOST_CAROUSEL} cameras in a carousel"
    if (layout.shape == "free") != bool(layout.places):
        return "places: expected with the shape free, and only there"
    for number, place in enumerate(layout.places):
        if not _is_inside(place):
            return f"places[{number}]: expected fractions of the wall, from 0 to 1"
    if not 0 <= layout.dwell_s <= 3600 or (layout.carousel and layout.dwell_s < 1):
        return "dwell_s: expected 1 to 3600 seconds with a carousel"
    return ""


def _is_inside(place: PanePlace) -> bool:
    low, high = -1e-6, 1 + 1e-6
    corners = (place.x, place.y, place.x + place.width, place.y + place.height)
    # Written so that a value that is not a number is outside.
    return all(low <= corner <= high for corner in corners) and place.width > 0 and place.height > 0
