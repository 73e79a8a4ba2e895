"""What one wall shows, as a record: which camera is meant for which place, what is pinned, what goes round.

Qt-free and pure: each change gives a new record. What follows the selection (hot spots) and what a carousel
shows at the moment come from outside, in `cast`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from console.model.base import Record
from console.model.layout import MOST_PLACES, PanePlace, WallLayout
from console.profile.shapes import FREE, Shape
from widgets.wall.arrangement import arrangement

_replace = msgspec.structs.replace


class Shown(Record, frozen=True, kw_only=True):
    """`slots` has one camera id a place, empty for none; what is beyond the shape's places waits for a larger
    shape. `layout_id` is the layout it was taken from, empty for none; `pinned` are place numbers from 0."""

    shape: str = "4x4"
    places: tuple[PanePlace, ...] = ()
    slots: tuple[str, ...] = ()
    pinned: tuple[int, ...] = ()
    carousel: tuple[str, ...] = ()
    dwell_s: float = 0.0
    layout_id: str = ""

    def arrangement(self) -> Shape:
        return arrangement(self.shape, self.places, len(self.slots))


def of_layout(layout: WallLayout) -> Shown:
    """A layout as it was saved. A camera in two places is kept in the first."""
    seen: set[str] = set()
    slots = []
    for camera in layout.camera_ids:
        slots.append("" if camera in seen else camera)
        seen.add(camera)
    shown = Shown(
        shape=layout.shape, places=layout.places, slots=tuple(slots), layout_id=layout.id,
        carousel=tuple(dict.fromkeys(layout.carousel)), dwell_s=layout.dwell_s,
    )  # fmt: skip
    return filled(shown)


def filled(shown: Shown) -> Shown:
    """With a slot for every place, and none pinned that holds no camera."""
    count = len(shown.arrangement().places)
    slots = shown.slots + ("",) * (count - len(shown.slots))
    while len(slots) > count and not slots[-1]:
        slots = slots[:-1]
    pinned = tuple(one for one in shown.pinned if one < count and slots[one])
    return _replace(shown, slots=slots, pinned=pinned)


def as_layout(shown: Shown, layout_id: str, name: str, number: int) -> WallLayout:
    """What is saved: the shape, what is meant for each place, the carousel. Pins are the operator's own."""
    count = len(shown.arrangement().places)
    slots = shown.slots[:count]
    while slots and not slots[-1]:
        slots = slots[:-1]
    going = bool(shown.carousel)
    return WallLayout(
        id=layout_id, name=name, number=number, shape=shown.shape,
        places=shown.places if shown.shape == FREE else (), camera_ids=slots,
        carousel=shown.carousel, dwell_s=shown.dwell_s if going else 0.0,
    )  # fmt: skip


def differs(shown: Shown, layout: WallLayout) -> bool:
    """Whether a wall was changed since it was taken from this layout, or the layout since then."""
    return as_layout(shown, layout.id, layout.name, layout.number) != as_layout(
        of_layout(layout), layout.id, layout.name, layout.number
    )


def cast(shown: Shown, hot: Sequence[str], going: Mapping[int, str]) -> tuple[str, ...]:
    """The camera of each place now. `hot`: what the hot spots follow, the newest first; `going`: what the
    carousel shows, by place. A camera has one pane: hot spots come first, then what is meant for a place."""
    shape = shown.arrangement()
    found = list(shown.slots[: len(shape.places)])
    held = {found[place] for place in shown.pinned}
    follow = [place for place in shape.hot if place not in shown.pinned]
    fixed = dict(zip(follow, [one for one in dict.fromkeys(hot) if one not in held], strict=False))
    taken = set(fixed.values())
    for number, camera in enumerate(found):
        if number in fixed:
            found[number] = fixed[number]
        elif camera in taken:
            found[number] = ""
        elif camera:
            taken.add(camera)
    for number, camera in going.items():
        if number < len(found) and not shown.slots[number] and not found[number] and camera not in taken:
            found[number] = camera
            taken.add(camera)
    return tuple(found)


def free_places(shown: Shown) -> tuple[int, ...]:
    """Places without a camera of their own that are no hot spot: the carousel's."""
    shape = shown.arrangement()
    return tuple(
        number for number in range(len(shape.places)) if not shown.slots[number] and number not in shape.hot
    )


def put(shown: Shown, place: int, camera_id: str) -> Shown:
    """A camera in a place; one that has another place leaves it to the one that was here (an empty id takes
    away). A pinned place stays as it is."""
    slots = list(shown.slots)
    if not 0 <= place < len(slots) or place in shown.pinned:
        return shown
    if camera_id and camera_id in slots:
        old = slots.index(camera_id)
        if old in shown.pinned:
            return shown
        slots[old] = slots[place]
    slots[place] = camera_id
    return filled(_replace(shown, slots=tuple(slots)))


def swapped(shown: Shown, one: int, other: int) -> Shown:
    """Two places exchange their cameras, and their pins: the operator moves what he pinned."""
    slots = list(shown.slots)
    if not (0 <= one < len(slots) and 0 <= other < len(slots)):
        return shown
    slots[one], slots[other] = slots[other], slots[one]
    turned = {one: other, other: one}
    pinned = tuple(sorted(turned.get(place, place) for place in shown.pinned))
    return filled(_replace(shown, slots=tuple(slots), pinned=pinned))


def toggled_pin(shown: Shown, place: int) -> Shown:
    """Pin a place with a camera, or let it go."""
    if place in shown.pinned:
        return _replace(shown, pinned=tuple(one for one in shown.pinned if one != place))
    return filled(_replace(shown, pinned=tuple(sorted({*shown.pinned, place}))))


def brought(shown: Shown, place: int, camera_ids: Sequence[str]) -> Shown:
    """Several cameras: the first into this place, the others into empty places, then into the next ones.
    What is pinned stays, and what is on the wall already is not brought again."""
    new = [one for one in dict.fromkeys(camera_ids) if one and one not in shown.slots]
    if not new:
        return shown
    count = len(shown.arrangement().places)
    order = [place, *(one for one in range(count) if not shown.slots[one] and one != place)]
    order += [one % count for one in range(place + 1, place + count) if shown.slots[one % count]]
    rooms = [one for one in order if one not in shown.pinned]
    slots = list(shown.slots)
    for room, camera in zip(rooms, new, strict=False):
        slots[room] = camera
    return filled(_replace(shown, slots=tuple(slots)))


def added(shown: Shown, camera_ids: Sequence[str]) -> Shown:
    """Cameras besides all that is shown: into empty places, else the wall grows to the next larger grid. They
    come before those that wait for room."""
    count = len(shown.arrangement().places)
    hot = shown.arrangement().hot
    held = list(shown.slots[:count])
    new = [one for one in dict.fromkeys(camera_ids) if one and one not in held]
    waiting = tuple(one for one in shown.slots[count:] if one and one not in new)
    rooms = [number for number, one in enumerate(held) if not one and number not in hot]
    if len(rooms) < len(new):
        seen = _replace(shown, slots=tuple(held))
        shown = reshaped(seen, _grid_for(count - len(rooms) + len(new), count))
        held = list(shown.slots)
        rooms = [number for number, one in enumerate(held) if not one]
    for room, camera in zip(rooms, new, strict=False):
        held[room] = camera
    return filled(_replace(shown, slots=(*held, *waiting)))


def _grid_for(wanted: int, least: int) -> str:
    side = next((one for one in range(1, 9) if one * one >= max(wanted, least)), 8)
    return f"{side}x{side}"


def reshaped(shown: Shown, shape: str, places: tuple[PanePlace, ...] = ()) -> Shown:
    """The same cameras in another shape. Those that find no place wait beyond it; empty places before them
    are closed up, except what a hot spot leaves empty."""
    before, after = shown.arrangement(), arrangement(shape, places, len(shown.slots))
    pinned = [shown.slots[place] for place in shown.pinned]
    cameras = [
        one for number, one in enumerate(shown.slots) if one or (shown.carousel and number not in before.hot)
    ]
    if before.hot and not after.hot:
        cameras = [one for one in cameras if one]
    while cameras and not cameras[-1] and len(cameras) > len(after.places):
        cameras.pop()
    if after.hot and not before.hot and not places:
        for place in after.hot[:1]:
            cameras.insert(place, "")
    slots = tuple(cameras[: 2 * MOST_PLACES])
    turned = _replace(shown, shape=shape, places=places, slots=slots, pinned=())
    kept = tuple(number for number, one in enumerate(slots[: len(after.places)]) if one in pinned)
    return filled(_replace(turned, pinned=kept))


def carried(old: Shown, new: Shown) -> Shown:
    """A new wall that keeps what was pinned on the old one: where it was if that place exists, else in an
    empty place, else in the last one. What must make room goes into an empty place, or waits for one."""
    shape = new.arrangement()
    count, held = len(shape.places), {old.slots[place] for place in old.pinned}
    waiting = ["" if one in held else one for one in new.slots[count:]]
    slots, pinned = [*new.slots[:count], *waiting], set(new.pinned)
    for place in old.pinned:
        camera = old.slots[place]
        if camera in slots[: len(shape.places)]:
            pinned.add(slots.index(camera))
            continue
        spare = [one for one in range(len(shape.places)) if not slots[one] and one not in shape.hot]
        can_stay = place < len(shape.places) and place not in pinned and place not in shape.hot
        others = [one for one in reversed(range(len(shape.places))) if one not in pinned]
        others.sort(key=lambda one: slots[one] in held)  # another pinned camera makes room last
        if not can_stay and not spare and not others:
            continue
        room = place if can_stay else spare[0] if spare else others[0]
        out = slots[room]
        slots[count:] = ["" if one == camera else one for one in slots[count:]]
        slots[room] = camera
        pinned.add(room)
        spare = [one for one in spare if one != room]
        if out and spare:
            slots[spare[0]] = out
        elif out:
            slots.append(out)
    return filled(_replace(new, slots=tuple(slots), pinned=tuple(sorted(pinned))))
