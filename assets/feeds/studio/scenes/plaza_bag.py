"""Station plaza by day; a man sits down, leaves his bag beside the bench and walks away."""

from ..cast.people import Outfit
from ..cast.show import satchel
from ..film.compositor import Look

SEED = 1104
META = {"scene": "plaza", "light": "day", "weather": "clear"}
LOOK = Look(sun=(0.55, 0.15, 0.72), direct=0.70)
SENSOR = {"exposure": 1.05, "noise": 0.009}
BAG = (2.35, 11.45)


def cast(show):
    colour = (0.03, 0.03, 0.04)
    wear = Outfit(top=(0.10, 0.16, 0.10), bottom=(0.16, 0.14, 0.11), bag=colour, cap=(0.03, 0.03, 0.05))
    man = show.person((-7.0, 6.0), 0.0, wear, wraps=False)
    man.walk([(-3.0, 8.6), (1.2, 10.6), (BAG[0] - 0.35, BAG[1] - 0.3)], 1.45)
    man.stay(1.2, "stoop", face=0.4)
    dropped = man.duration_s() - 0.3
    man.change(wear.without("bag")).stay(1.3, "stand", face=-1.5).walk([(3.8, 9.6), (9, 8.8), (20, 9.0)], 1.7)
    bag = show.thing("bag", satchel(), (BAG[0], BAG[1], 0.0), 0.3, dropped, 22.0 - dropped)
    show.event("bag_put_down", dropped, dropped + 1.0, [man, bag], "a man puts a black bag down by the bench")
    show.event(
        "abandoned_object", dropped + 3.0, 22.0, [bag], "its owner has walked away; nobody attends the bag"
    )
    for points, start, speed in (
        ([(-16, 9), (0, 8.2), (18, 7.0)], 2.0, 1.35),
        ([(16, 15.5), (4, 15.6), (-16, 14.0)], 0.0, 1.25),
        ([(1.6, -2), (1.9, 12), (2.2, 33)], 5.0, 1.3),
        ([(2.6, 33), (1.2, 20), (0.4, -2)], 1.0, 1.4),
        ([(-15, 26), (2, 27), (18, 26)], 3.0, 1.3),
        ([(16, 28.5), (-16, 28)], 11.0, 1.4),
        ([(-4, -2), (-4.4, 10), (-9, 32)], 8.0, 1.3),
        ([(9, 32), (8.6, 18), (4.4, -2)], 12.0, 1.35),
        ([(-12, 18), (0, 16.8), (16, 20)], 14.0, 1.3),
        ([(-18, 46.5), (18, 46.5)], 2.0, 1.3),
        ([(18, 45.5), (-18, 45.5)], 9.0, 1.35),
        ([(5, -2), (4.6, 6), (-1, 14), (-3.8, 33)], 16.0, 1.35),
    ):
        show.walker(points, start, speed)
    pair = ([(-9, -2), (-1.8, 11), (3.5, 33)], 12.5, 1.15)
    show.walker(*pair)
    show.walker([(x + 0.6, y - 0.2) for x, y in pair[0]], *pair[1:])
    for child in range(2):
        show.walker(
            [(14, 22 + child), (3, 22.4 - child), (-3, 16.6), (-14, 20 - child)],
            4.0 + 0.5 * child,
            2.6,
            child=True,
        )
    show.stander((-3.5, 17.2), -1.5, "sit")
    show.stander((10.0, 29.6), -1.6, "phone")
    show.stander((11.2, 29.5), -1.4, "stand")
    show.stander((12.2, 29.8), 2.9, "talk")
    show.stander((-5.2, 25.2), 0.4, "talk")
    show.stander((-4.3, 25.5), 3.4, "stand")
    show.traffic([(-70, 36.4), (70, 36.4)], (1.0, 5.0, 14.0, 18.0), 9.5)
    show.traffic([(70, 40.8), (-70, 40.8)], (0.0, 7.5, 12.0, 16.5), 9.0)
    show.vehicle(
        "bus",
        "green",
        [(-70, 36.2), (70, 36.2)],
        9.2,
        8.0,
        keys=((0, 0), (7.0, 62), (9.5, 77), (11.5, 78), (14.5, 92), (19, 138)),
    )
    show.rider([(-18, 31.5), (18, 31.0)], 3.0, 4.5)
