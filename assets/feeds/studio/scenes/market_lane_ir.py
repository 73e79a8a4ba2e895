"""Closed market lane in infrared; people pass, someone climbs over the yard gate."""

from ..cast.people import Outfit
from ..film.compositor import Look

SEED = 1111
META = {"scene": "market", "light": "infrared", "weather": "clear", "crf": 27}
SHOW = {"night": True, "beam": 1.2}
LOOK = Look(direct=0.75, contact=0.6, glow=0.9)
SENSOR = {
    "exposure": 0.72,
    "noise": 0.024,
    "infrared": True,
    "vignette": 0.42,
    "lift": 0.012,
    "soft": 0.6,
    "bloom": 0.14,
}


def cast(show):
    wear = Outfit(
        top=(0.10, 0.10, 0.11),
        bottom=(0.16, 0.16, 0.17),
        pack=(0.05, 0.05, 0.05),
        cap=(0.2, 0.2, 0.2),
        shoes=(0.4, 0.4, 0.4),
    )
    thief = show.person((0.2, 34), 0.0, wear, wraps=False)
    thief.walk([(0.9, 24), (1.6, 13), (2.25, 8.8)], 2.5).stay(1.7, "stand", face=-1.3).stay(
        1.0, "reach_up", face=0.0
    )
    begin = thief.duration_s()
    thief.stay(1.5, "climb", drift=(0.22, 0), lift=0.95).stay(
        1.2, "straddle", drift=(0.42, 0), lift=1.15
    ).stay(0.8, "land", drift=(0.55, 0), lift=0.0)
    end = thief.duration_s()
    thief.stay(1.2, "crouch").walk([(5.0, 8.7), (6.5, 9.0), (9.4, 9.6)], 1.6)
    show.event("climbs_over", begin, end, [thief], "a person climbs over the gate into the closed yard")
    show.event("intrusion", end, min(22.0, thief.duration_s()), [thief], "the person is in the closed yard")
    show.walker([(-1.2, 56), (-1.0, 20), (-1.3, -3)], 14.0, 1.5)
    show.walker([(-0.6, -3), (-0.4, 20), (-0.8, 56)], 16.5, 1.3)
    show.walker([(-1.5, -3), (-1.3, 22), (-1.4, 56)], 0.5, 1.35)
    show.walker([(0.6, 58), (0.3, 26), (-0.2, -3)], 1.0, 1.45)
    show.walker([(0.8, 58), (0.9, 26), (0.4, -3)], 1.3, 1.4)
    show.rider([(-0.2, 60), (-0.4, 20), (-0.7, -5)], 11.5, 5.2, "scooter", "white")
    show.rider([(0.2, -5), (0.3, 60)], 18.2, 4.2, "bicycle", "silver")
