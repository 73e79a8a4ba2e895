"""Residential street at dusk; an older person with a stick wanders to and fro."""

from ..cast.people import Outfit
from ..film.compositor import Look

SEED = 1112
META = {"scene": "residential", "light": "dusk", "weather": "clear"}
SHOW = {"night": True, "beam": 2.0}
LOOK = Look(direct=0.45, glow=0.8)
SENSOR = {"exposure": 0.62, "noise": 0.016, "white": (1.02, 0.98, 1.0)}


def cast(show):
    wear = Outfit(
        top=(0.34, 0.20, 0.30),
        bottom=(0.14, 0.13, 0.12),
        hair=(0.42, 0.42, 0.41),
        cane=True,
        frail=0.8,
        size=0.9,
        shoes=(0.12, 0.1, 0.1),
    )
    elder = show.person((-1.3, 10.5), 0.0, wear, wraps=True, kind="person")
    speed = 0.75
    elder.walk([(-0.9, 11.8), (-0.2, 12.9), (0.9, 13.3)], speed).stay(1.5, "stand", face=2.2).walk(
        [(0.2, 12.6), (-0.9, 11.4), (-1.8, 10.9)], speed
    )
    elder.stay(1.3, "stand", face=0.5).walk([(-1.2, 11.9), (-1.5, 13.3)], speed).stay(1.1, "stand", face=-2.0)
    left = 22.0 - elder.duration_s()
    elder.walk([(-1.9, 12.2), (-1.3, 10.5)], 3.0 / max(3.0, left - 1.0)) if left > 3 else None
    elder.stay(max(0.05, 22.0 - elder.duration_s()), "stand", face=1.0)
    show.event("wandering", 0.0, 22.0, [elder], "an older person with a stick walks to and fro without aim")
    show.vehicle(
        "saloon",
        "silver",
        [(0.4, 95), (0.3, 40), (1.0, 22), (1.3, 12), (0.9, -8)],
        3.0,
        keys=((0, 0), (8.0, 62), (10.5, 74), (14, 103)),
    )
    show.vehicle(
        "van",
        "white",
        [(0.2, 95), (0.2, 42), (1.1, 20), (1.4, 12), (0.9, -8)],
        14.5,
        keys=((0, 0), (8.0, 62), (10.5, 76), (14, 103)),
    )
    show.rider([(1.3, -5), (0.8, 20), (0.4, 92)], 1.0, 6.0, "scooter", "red")
    show.rider([(-0.6, 92), (-0.4, 25), (0.2, 12), (0.5, -5)], 7.0, 4.6, "bicycle", "blue")
    for points, start, kind in (
        ([(2.6, -3), (2.5, 8), (1.7, 14), (1.6, 50), (1.9, 80)], 0.0, {}),
        ([(-2.5, 60), (-2.6, 20), (-2.4, 14), (-2.5, -3)], 1.5, {}),
        ([(2.0, 70), (1.7, 25), (1.8, 15), (2.6, 8), (2.7, -3)], 9.0, {}),
        ([(-2.6, -3), (-2.5, 30), (-2.4, 70)], 12.0, {}),
        ([(-2.2, 44), (-2.5, 18), (-2.4, -3)], 16.0, {"child": True}),
        ([(-2.7, 44.3), (-2.9, 18), (-2.8, -3)], 16.0, {}),
    ):
        show.walker(points, start, **kind)
    show.stander((-2.9, 19.5), 0.0, "talk", elder=True)
    show.stander((-2.2, 20.0), 3.6, "stand", elder=True)
