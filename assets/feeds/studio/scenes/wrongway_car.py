"""One-way street by day; a car comes down it the wrong way and meets the traffic."""

from ..film.compositor import Look

SEED = 1106
META = {"scene": "street", "light": "day", "weather": "clear"}
LOOK = Look(sun=(-0.45, -0.35, 0.78), direct=0.72)
SENSOR = {"noise": 0.010}


def cast(show):
    up_left, up_right = [(-1.5, -8), (-1.5, 100)], [(1.5, -8), (1.5, 30), (1.2, 36), (-1.0, 46), (-1.3, 100)]
    show.traffic(up_left, (1.0, 6.2, 17.2), 8.5)
    show.traffic(up_right, (3.4, 18.6), 8.0, ("saloon", "taxi", "suv"))
    wrong = show.vehicle(
        "saloon",
        "red",
        [(1.6, 96), (1.6, 44), (-0.2, 36), (1.4, 27), (1.5, -9)],
        8.0,
        keys=((0, 0), (4.5, 52), (6.5, 66), (8.0, 74), (9.2, 80), (12.5, 106)),
        wraps=False,
    )
    waits = show.vehicle(
        "suv",
        "silver",
        [(-1.5, -8), (-1.5, 100)],
        10.2,
        keys=((0, 0), (1.8, 14), (3.2, 19.5), (5.2, 20.5), (8.2, 46), (11.5, 82)),
        wraps=True,
    )
    show.event(
        "wrong_way",
        9.5,
        20.0,
        [wrong],
        "red saloon drives towards the camera against the arrows of the one-way street",
    )
    show.event("hard_braking", 12.0, 15.4, [waits], "oncoming driver stops for the wrong-way car")
    for x, y0, y1, start, speed in (
        (5.1, -4, 70, 0.5, 1.35),
        (5.8, -4, 70, 4.5, 1.2),
        (6.1, 60, -5, 1.0, 1.3),
        (5.0, 62, -5, 9.0, 1.4),
        (-4.9, -4, 64, 2.5, 1.3),
        (-5.8, 64, -5, 0.2, 1.25),
        (-5.2, 60, -5, 12.0, 1.4),
        (5.5, -4, 70, 15.0, 1.4),
        (-6.0, -4, 64, 13.0, 1.2),
        (6.2, 60, -5, 16.0, 1.15),
    ):
        show.walker([(x, y0), (x + 0.3, (y0 + y1) / 2), (x, y1)], start, speed)
    show.stander((6.3, 13.5), 3.1, "phone")
    show.stander((-6.2, 15.0), 0.2, "talk")
    show.stander((-5.5, 15.2), 3.3, "stand")
    crossing = show.person((5.6, 27), 5.0)
    crossing.stay(1.0, face=3.14).walk([(3.0, 26.5), (-3.0, 26.0), (-5.4, 24.0), (-5.6, -5)], 1.35)
    show.rider([(-2.5, -6), (-2.6, 95)], 12.5, 4.4, paint="blue")
    show.rider([(2.6, -6), (2.5, 95)], 0.5, 7.0, "scooter", "green")
