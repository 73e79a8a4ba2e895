"""School gate by day; children come out and cross; one runs into the road before the cars have stopped."""

import math

from ..cast.people import Outfit
from ..film.compositor import Look

SEED = 1107
META = {"scene": "school", "light": "day", "weather": "clear"}
LOOK = Look(sun=(-0.25, -0.55, 0.8), direct=0.70)
SENSOR = {"exposure": 1.05, "noise": 0.009}


def cast(show):
    for k in range(9):  # children come out of the gate and cross towards the camera
        x = -1.6 + 0.42 * k
        show.person((x * 0.6 + 1.0, 44), (16.0 + 0.36 * k) % 22, child=True).walk(
            [(x * 0.7 + 0.3, 26), (x, 18.2)], 1.6
        ).stay(0.9, "stand").walk([(x, 14), (x * 0.9, 7.2), (x * 1.6 - 3, 4.8), (-16, 3.5 + 0.3 * k)], 1.7)
    for k in range(5):  # and some go along the wall
        show.person((2.8, 42), (2.0 + 2.6 * k) % 22, child=True).walk(
            [(2.9, 25), (3.4, 18.6), (9, 17.6 + 0.3 * k), (28, 17.4)], 1.5 + 0.1 * k
        )
    runner = show.person((3.0, 36), 0.0, child=True, wraps=False)
    runner.walk([(2.4, 26), (1.9, 18.0), (1.7, 14.5), (1.2, 7.5), (-2, 5.0), (-9, 4.5)], 3.3)
    braked = show.vehicle(
        "suv",
        "white",
        [(-60, 10.2), (60, 10.2)],
        2.5,
        keys=((0, 0), (4.0, 46), (5.1, 53.2), (6.6, 53.6), (9.2, 72), (12.5, 118)),
    )
    show.event(
        "child_in_road", 5.9, 8.6, [runner, braked], "a child runs across; the car brakes at the stop line"
    )
    for start, paint, kind in ((18.0, "grey", "saloon"), (20.6, "blue", "truck")):
        show.vehicle(
            kind,
            paint,
            [(-60, 10.2), (60, 10.2)],
            start + 0.0,
            keys=((0, 0), (5.5, 46), (9, 77), (12, 118))
            if kind == "truck"
            else ((0, 0), (8.0, 70), (13, 118)),
        )
    show.vehicle(
        "bus",
        "yellow",
        [(60, 13.8), (-60, 13.8)],
        6.8,
        keys=((0, 0), (5.0, 40), (7.6, 50.0), (15.4, 50.3), (19.5, 70), (24, 118)),
    )
    show.vehicle("saloon", "black", [(60, 13.8), (-60, 13.8)], 4.0, keys=((0, 0), (5.5, 52), (11.5, 118)))
    show.vehicle("taxi", "taxi", [(60, 13.8), (-60, 13.8)], 21.5, keys=((0, 0), (10.0, 118)))
    vest = Outfit(
        top=(0.62, 0.60, 0.05), bottom=(0.03, 0.03, 0.05), cap=(0.62, 0.60, 0.05), hair=(0.3, 0.3, 0.3)
    )
    guard = show.person((-2.9, 16.4), 0.0, vest, kind="person")
    guard.facing = -math.pi / 2
    guard.stay(4.0, "wave").stay(5.0, "point").stay(4.0, "stand").stay(9.0, "point")
    for x, y, face, pose in (
        (-5.4, 17.0, 0.4, "stand"),
        (-6.1, 17.5, 0.2, "talk"),
        (4.2, 18.8, 2.6, "phone"),
        (-1.8, 5.5, 1.4, "wave"),
        (3.5, 6.2, 1.7, "phone"),
        (4.3, 6.0, 2.2, "stand"),
    ):
        show.stander((x, y), face, pose)
    for points, start in (
        ([(-18, 6.4), (0, 6.6), (20, 6.2)], 1.0),
        ([(20, 4.8), (0, 5.2), (-18, 5.8)], 7.0),
        ([(-24, 18.9), (-6, 19.2), (-1, 19.4), (24, 18.8)], 3.0),
        ([(22, 17.0), (-24, 17.2)], 12.0),
    ):
        show.walker(points, start)
    show.rider([(-24, 7.0), (24, 7.2)], 11.0, 4.0)
