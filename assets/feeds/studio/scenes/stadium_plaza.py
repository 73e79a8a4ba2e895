"""Stadium forecourt before a match; the crowd in front of the gates grows until it is dense."""

import numpy as np

from ..film.compositor import Look

SEED = 1109
META = {"scene": "stadium", "light": "day", "weather": "clear", "crf": 25}
LOOK = Look(sun=(-0.75, 0.1, 0.42), direct=0.62)
SENSOR = {"exposure": 1.3, "noise": 0.010, "white": (1.05, 0.99, 0.92)}


def cast(show):
    random = np.random.default_rng(SEED)
    spots = []
    for row in range(7):  # places in the queue before the gates, filled from the front
        for k in range(12):
            spots.append(
                (-8.8 + 1.6 * k + random.normal() * 0.22, 29.5 - 1.55 * row + random.normal() * 0.22)
            )
    crowd = []
    for order, (x, y) in enumerate(spots):
        arrive = 1.0 + 17.0 * (order / len(spots)) ** 0.9
        side = random.random()
        begin = (
            (x * 0.5 + random.normal() * 3, -3.0)
            if side < 0.5
            else ((-22.0, 10 + random.random() * 8) if side < 0.75 else (22.0, 10 + random.random() * 8))
        )
        speed = random.uniform(1.35, 1.75)
        one = show.person(begin, 0.0, wraps=False)
        middle = ((begin[0] + x) / 2 + random.normal(), (begin[1] + y) / 2)
        one.walk([middle, (x, y)], speed)
        long = one.duration_s()
        one.start_s = arrive - long
        one.stay(
            22.0,
            ("stand", "stand", "talk", "phone", "stand", "wave")[int(random.integers(6))],
            face=1.57 + random.normal() * 0.5,
        )
        crowd.append(one)
    show.event(
        "crowd_builds", 4.0, 22.0, crowd, "people gather before the gates, from a dozen to more than eighty"
    )
    show.event(
        "crowd_dense", 15.0, 22.0, crowd, "the queue is dense and reaches back to the middle of the forecourt"
    )
    for k in range(10):  # others keep crossing
        y = (5.0, 9.5, 14.0, 6.8, 11.5)[k % 5]
        points = [(-24, y), (0, y + 1.2), (24, y + 0.4)]
        show.walker(points if k % 2 else points[::-1], (k * 2.3) % 22)
    for x in (-7.5, -2.5, 2.5, 7.5):
        show.stander((x + 1.3, 31.6), -1.57, "stand")
    show.stander((8.0, 7.0), 1.5, "stand")
    show.walker([(-14, 30.5), (14, 30.3)], 3.0, 1.3)
    show.rider([(24, 17.5), (-24, 15.0)], 2.0, 3.6)
