"""Public car park by day; a car stops in the hatched no-stopping box and its driver walks off."""

from ..cast.people import Outfit
from ..film.compositor import Look

SEED = 1108
META = {"scene": "carpark", "light": "day", "weather": "overcast"}
LOOK = Look(sun=(0.35, -0.3, 0.85), direct=0.35)
SENSOR = {"exposure": 1.05, "noise": 0.010}


def cast(show):
    stops = show.vehicle(
        "suv",
        "black",
        [(-22, 5.2), (-12, 5.3), (-6, 7.2), (-1.6, 9.4), (0.6, 9.7)],
        0.0,
        keys=((0, 0), (3.0, 16), (5.0, 22.6), (6.0, 23.6), (22, 23.61)),
        wraps=False,
    )
    driver = show.person(
        (-1.2, 11.2), 7.6, Outfit(top=(0.40, 0.40, 0.40), bottom=(0.05, 0.05, 0.05)), wraps=False
    )
    driver.facing = 2.6
    driver.stay(0.9, "stand").walk([(-4, 12.0), (-7.6, 10.4), (-8.0, -3)], 1.5)
    show.event("illegal_stop", 6.0, 22.0, [stops], "a car stops and stays in the hatched no-stopping box")
    show.event("driver_leaves", 7.6, 17.0, [driver], "its driver gets out and walks away")
    show.vehicle("saloon", "white", [(-30, 21.0), (-6, 21.0), (0.0, 21.0), (30, 21.0)], 1.0, speed=4.6)
    show.vehicle("taxi", "taxi", [(30, 22.6), (-30, 22.6)], 12.0, speed=5.2)
    show.vehicle("van", "silver", [(-30, 34.4), (32, 34.4)], 4.0, speed=5.0)
    show.vehicle("saloon", "blue", [(32, 36.0), (-30, 36.0)], 16.0, speed=5.4)
    show.vehicle(
        "saloon",
        "red",
        [(26, 6.6), (10, 6.4), (5.0, 5.2), (-10, 4.6), (-26, 4.6)],
        13.0,
        keys=((0, 0), (4, 17), (7.5, 30), (11, 53)),
    )
    parks = show.vehicle(
        "saloon",
        "grey",
        [(-14.0, 21.4), (-6, 21.2), (-1.4, 20.2), (0.55, 17.6), (0.6, 14.7)],
        7.0,
        keys=((0, 0), (3.5, 10), (6.5, 17), (8.5, 20.1), (15, 20.12)),
        wraps=False,
    )
    show.event("parks", 7.0, 15.5, [parks], "a car drives into the free bay")
    for points, start, speed in (
        ([(-7.8, -4), (-7.9, 11.5), (-3.5, 12.4), (-2.6, 21)], 0.0, 1.35),
        ([(-7.3, 12), (-7.4, -4)], 6.0, 1.4),
        ([(20, 24.6), (4, 24.4), (-20, 24.7)], 2.0, 1.3),
        ([(-20, 19.2), (6, 19.3), (22, 19.1)], 9.0, 1.35),
        ([(22, 37.3), (-24, 37.3)], 0.0, 1.4),
        ([(8, 18.6), (8.2, 12.2), (4.4, 11.6), (-7.8, 11.0), (-8.2, -4)], 12.0, 1.4),
        ([(14, 4), (4, 3.4), (-6, 4.0), (-7.6, -3)], 3.0, 1.3),
        ([(-20, 11.7), (-8, 11.8), (10, 12.5), (24, 12.4)], 15.0, 1.4),
    ):
        show.walker(points, start, speed)
    show.stander((17.0, 5.3), -1.6, "phone")
    show.stander((-3.5, 31.0), 0.6, "talk")
    show.stander((-2.5, 31.3), 3.6, "stand")
    show.rider([(-24, 12.9), (24, 13.0)], 6.0, 4.2, paint="green")
    show.traffic([(-60, 45.5), (60, 45.5)], (0.0, 4.0, 9.0, 14.0, 18.0), 10)
