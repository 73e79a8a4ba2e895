"""What moves is not seen in a masked copy, and where it is unsure, nothing is."""

from __future__ import annotations

import math
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.evidence.grounds import load_grounds
from console.evidence.masking import Masked, Movers, load_figures, masked, mosaic
from console.evidence.pictures import Decoded
from console.model.footage import MaskZone
from tests.evidence.rig import FEEDS

FIGURES = load_figures()


def pictures_of(clip: str, most: int) -> list[Decoded]:
    with av.open(str(FEEDS / f"{clip}.mp4")) as opened:
        found = []
        for frame in opened.decode(video=0):
            found.append(Decoded(int(frame.time * 1e9), frame.to_ndarray(format="bgr24"), frame.key_frame))
            if len(found) == most:
                break
    return found


def covered(clip: str, shown: list[Masked]) -> float:
    """The part of the moving objects' boxes that is hidden, by the truth beside the clip."""
    truth = msgspec.json.decode((FEEDS / f"{clip}.truth.json").read_bytes())
    area = hidden = 0
    for thing in truth["objects"]:
        boxes = thing["boxes"]
        across = [x + width / 2 for _, x, _, width, _ in boxes]
        down = [y + height / 2 for _, _, y, _, height in boxes]
        if max(across) - min(across) + max(down) - min(down) < 4:
            continue  # it stands still from beginning to end
        for number, x, y, width, height in boxes:
            if number < len(shown):
                part = shown[number].hidden[int(y) : math.ceil(y + height), int(x) : math.ceil(x + width)]
                area += part.size
                hidden += np.count_nonzero(part)
    assert area > 10_000
    return hidden / area


@pytest.mark.parametrize("clip", ["junction", "park_path_fall"])
def test_what_moves_is_hidden_by_the_truth_of_the_recorded_feeds(clip: str):
    seen = pictures_of(clip, 120)
    movers = Movers(FIGURES, [one.pixels for one in seen[::4]])
    shown = list(masked(seen, (), movers, (), FIGURES))
    assert [one.wall_ns for one in shown] == [one.wall_ns for one in seen]
    assert covered(clip, shown) >= 0.98


def scene(count: int, moving: bool = True) -> list[Decoded]:
    chance = np.random.default_rng(1)
    ground = chance.integers(90, 110, (120, 160, 3)).astype(np.uint8)
    made = []
    for number in range(count):
        pixels = ground.copy()
        if moving:
            left = 5 + 2 * (number % 60)
            pixels[50:70, left : left + 12] = (20, 200, 240)
        made.append(Decoded(number * 66_000_000, pixels, number % 30 == 0))
    return made


def test_a_thing_is_hidden_before_it_comes_and_after_it_went():
    seen = scene(60)
    shown = list(masked(seen, (), Movers(FIGURES, [one.pixels for one in seen[::2]]), (), FIGURES))
    there = [bool(one.hidden[60, 64]) for one in shown]
    came = next(number for number in range(60) if 5 + 2 * number + 12 > 64)
    assert all(there[came - 6 : 60]), "from before it came, without flickering, to after it went"


def test_without_a_background_the_first_pictures_are_hidden_whole():
    shown = list(masked(scene(50), (), Movers(FIGURES, []), (), FIGURES))
    assert all(one.whole and one.hidden.all() for one in shown[: FIGURES.learn_pictures])


def test_a_change_of_the_whole_picture_hides_the_whole_picture():
    seen = scene(40, moving=False)
    dark = [one._replace(pixels=255 - one.pixels) if at >= 30 else one for at, one in enumerate(seen)]
    shown = list(masked(dark, (), Movers(FIGURES, [one.pixels for one in seen]), (), FIGURES))
    assert all(one.whole for one in shown[30:]) and not shown[5].whole


def test_inside_the_drawn_region_all_stays_clear_but_a_zone_hides_even_there():
    seen = scene(40)
    clear = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    zone = MaskZone(name="z", points=((0.0, 0.0), (0.2, 0.0), (0.2, 0.2), (0.0, 0.2)))
    movers = Movers(FIGURES, [one.pixels for one in seen])
    for before, one in zip(seen, masked(seen, (zone,), movers, clear, FIGURES), strict=True):
        assert np.array_equal(one.pixels[40:, 40:], before.pixels[40:, 40:])
        assert (one.pixels[:20, :30] == 72).all() and one.hidden[:20, :30].all()


@given(st.integers(1, 90), st.integers(1, 90))
def test_a_mosaic_fits_every_size(height: int, width: int):
    pixels = np.random.default_rng(height * 100 + width).integers(0, 256, (height, width, 3)).astype(np.uint8)
    made = mosaic(pixels, FIGURES)
    assert made.shape == pixels.shape
    values = {tuple(one) for one in made.reshape(-1, 3)}
    assert len(values) <= max(1, height // 14) * max(1, width // 14)


def test_every_country_of_the_console_has_legal_bases_in_both_languages():
    for country in ("KR", "GB"):
        grounds = load_grounds(country)
        assert grounds.reasons and grounds.legal_bases
        assert all(one.en and one.ko for one in (*grounds.reasons, *grounds.legal_bases))
    assert Path(FEEDS).is_dir()
