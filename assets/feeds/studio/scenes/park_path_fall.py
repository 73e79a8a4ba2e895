"""Park path at dusk; a walker staggers, falls and stays down."""

import math

from ..cast.people import Outfit
from ..film.compositor import Look

SEED = 1101
META = {"scene": "park", "light": "dusk", "weather": "clear"}
LOOK = Look(direct=0.45, glow=0.8)
SENSOR = {"exposure": 0.62, "noise": 0.016, "white": (1.04, 0.98, 0.98)}
FALL_S = 8.5


def path_x(y):
    return 2.2 * math.sin(y / 11.0) - 0.3


def along(y0, y1, off):
    count = max(3, int(abs(y1 - y0) / 4))
    return [(path_x(y0 + (y1 - y0) * k / count) + off, y0 + (y1 - y0) * k / count) for k in range(count + 1)]


def cast(show):
    faller = show.person(
        along(1.0, 1.1, 0.3)[0],
        0.4,
        Outfit(
            top=(0.50, 0.50, 0.46), bottom=(0.03, 0.04, 0.09), hair=(0.25, 0.24, 0.23), shoes=(0.4, 0.4, 0.4)
        ),
        wraps=False,
    )
    faller.walk(along(2.0, 10.2, 0.3), 1.15).stay(0.9, "stagger", face=0.35, drift=(-0.45, 0.2)).stay(
        0.75, "lie", ease=0.75
    ).stay(14.0, "lie")
    show.event("fall", FALL_S, 22.0, [faller], "a walker staggers, falls on the path and stays lying")
    helper = show.person(along(46, 47, -0.4)[0], 0.0, wraps=False)
    helper.walk(along(45, 20.5, -0.4), 1.75).stay(0.8, "stand").walk(along(20.5, 12.9, 0.0), 2.7).stay(
        5, "kneel"
    )
    show.event(
        "person_helps",
        18.0,
        22.0,
        [helper, faller],
        "a passer-by runs up and kneels beside the fallen person",
    )
    show.walker(along(62, -1, 0.9), 9.0, 1.5)
    for y0, y1, off, start, speed in (
        (60, 18, 1.0, 3.0, 1.25),
        (18, 60, -1.0, 12.5, 1.35),
        (14.2, 62, 0.8, 15.0, 1.3),
        (62, 26, 0.4, 16.0, 1.2),
        (22, 62, 1.0, 0.0, 1.3),
    ):
        show.walker(along(y0, y1, off), start, speed)
    jog = Outfit(
        top=(0.55, 0.15, 0.05),
        bottom=(0.03, 0.03, 0.03),
        skin=(0.5, 0.31, 0.21),
        shoes=(0.5, 0.5, 0.5),
        sleeves=False,
        cap=(0.6, 0.6, 0.6),
    )
    show.person(along(60, 59, -1.0)[0], 0.5, jog).walk(along(59, -2, -1.1), 3.1)
    show.rider(along(64, -3, 0.1), 17.3, 4.6, paint="blue")
    show.rider(along(-3, 64, 1.0), 0.0, 4.8, paint="white")
    for x, y, face in ((path_x(24) - 2.4, 24, 0.0), (path_x(15) + 2.45, 15.3, math.pi)):
        show.stander((x, y), face, "sit")
    show.stander((5.9, 14.0), 1.6, "wave")
    show.walker([(-20, 30), (-8, 33), (8, 31), (24, 34)], 6.0, 2.2)
    show.walker([(26, 44), (0, 46), (-26, 45)], 0.0, 1.4)
