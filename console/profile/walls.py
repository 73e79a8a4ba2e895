"""What a city promises of its layouts and modes: shapes, cameras and desks that exist, one number each."""

from __future__ import annotations

from collections.abc import Container

from console.model.layout import layout_problem
from console.profile.problems import Problems
from console.profile.records import layouts_of
from console.profile.shapes import drawn_shapes, shape_named
from console.profile.tables import CityFile


def check_walls(city: CityFile, cameras: Container[str], file: str, problems: Problems) -> None:
    """Asked last, when all devices are known."""
    number_of: dict[int, str] = {}
    for row, (told, layout) in enumerate(zip(city.layouts, layouts_of(city).values(), strict=True)):
        table = f"layouts[{row}] ({told.id})"
        shape = shape_named(told.shape)
        if shape is None:
            wanted = f"a grid, 1x1 to 8x8, or one of {', '.join(drawn_shapes())}"
            problems.add(file, table, "shape", wanted, told.shape)
            continue
        if len(told.cameras) > len(shape.places):
            wanted = f"at most {len(shape.places)}, one for each place"
            problems.add(file, table, "cameras", wanted, len(told.cameras))
        shown = [one for one in told.cameras if one]
        for key, ids in (("cameras", shown), ("carousel", list(told.carousel))):
            for camera in ids:
                if camera not in cameras:
                    problems.add(file, table, key, "ids of cameras", camera)
            if len(set(ids)) < len(ids):
                problems.say(file, table, key, "each camera only once", "one twice")
        if told.carousel and len(shown) == len(shape.places):
            problems.say(file, table, "carousel", "a place without a camera for it to go through", "none")
        wrong = layout_problem(layout.said_in("en"))
        if wrong:
            key, _, wanted = wrong.partition(": expected ")
            problems.say(file, table, key, wanted, "another")
        if told.number and told.number in number_of:
            problems.add(
                file, table, "number", f"a number {number_of[told.number]} does not have", told.number
            )
        number_of.setdefault(told.number, told.id)
    _check_modes(city, file, problems)


def _check_modes(city: CityFile, file: str, problems: Problems) -> None:
    desks = {one.id for one in city.desks}
    layouts = {one.id for one in city.layouts}
    for row, mode in enumerate(city.modes):
        table = f"modes[{row}] ({mode.id})"
        if not mode.walls:
            problems.say(file, table, "walls", "the layout of at least one desk", "none")
        for desk, layout in mode.walls.items():
            if desk not in desks:
                problems.add(file, table, "walls", f"one of {', '.join(sorted(desks))}", desk)
            if layout not in layouts:
                problems.add(file, table, f"walls.{desk}", "the id of one of the layouts", layout)
