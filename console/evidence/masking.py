"""What must not be recognisable in a masked copy: privacy zones, and by choice everything that moves.

Fails safe: where it is not clear what moves, more is blurred, up to the whole picture. Two looks at each
picture are united: a background that is learnt on the way (MOG2, Zivkovic 2004), which sees small and slow
things, and medians of pictures spread over the stretch (of all, of its first and of its last third), which go
on seeing someone who stands still, and a car that came and stays or stood there and leaves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from console.evidence.pictures import Decoded, Pixels
from console.model.base import Record
from console.model.footage import MaskZone
from console.paths import shipped

Mask = NDArray[np.uint8]
Corners = tuple[tuple[float, float], ...]
ZONE_BGR = (72, 72, 72)


class MaskingFigures(Record, frozen=True, kw_only=True):
    """The figures of `[masking]` in seeds/evidence.toml, which says where each comes from."""

    look_width_px: int
    background_pictures: int
    median_difference: int
    mog2_threshold: float
    grow_part: float
    hold_before_s: float
    hold_after_s: float
    unsure_part: float
    learn_pictures: int
    blocks_across: int
    block_px_least: int
    seconds_of_background: float


def load_figures() -> MaskingFigures:
    """Raises OSError and msgspec.DecodeError: a broken installation."""
    tree = msgspec.toml.decode((shipped("seeds") / "evidence.toml").read_bytes())
    return msgspec.convert(tree["masking"], MaskingFigures)


class Masked(NamedTuple):
    """A picture without what was hidden. `hidden` is 255 where something was; `whole`: all of it was."""

    wall_ns: int
    pixels: Pixels
    hidden: Mask
    whole: bool


class Movers:
    """Tells what moves in one stretch of one camera. Pictures in order, all of one size."""

    def __init__(self, figures: MaskingFigures, background: list[Pixels]) -> None:
        """`background`: pictures spread over the stretch, in order. With fewer than three, the first pictures
        are hidden whole.
        """
        self._figures = figures
        self._subtractor: Any = cv2.createBackgroundSubtractorMOG2(
            history=500, varThreshold=figures.mog2_threshold, detectShadows=False
        )
        self._medians: list[Any] = []
        if len(background) >= 3:
            small = [self._small(each) for each in background]
            third = len(small) // 3
            parts = (small, small[:third], small[-third:]) if third >= 3 else (small,)
            self._medians = [np.median(np.stack(part), axis=0).astype(np.uint8) for part in parts]
            # So that the first picture is judged already, and not only after the background was learnt.
            for each in (*small, *small):
                self._subtractor.apply(each)
        self._seen = 0

    def look(self, pixels: Pixels) -> Mask | None:
        """Where something moves (small picture, 255), already grown; None when that cannot be told."""
        small = self._small(pixels)
        self._seen += 1
        moving: Any = self._subtractor.apply(small, learningRate=0.002)
        if not self._medians and self._seen <= self._figures.learn_pictures:
            return None
        for median in self._medians:
            blue, green, red = cv2.split(cv2.absdiff(small, median))
            most = cv2.max(cv2.max(blue, green), red)
            _, other = cv2.threshold(most, self._figures.median_difference, 255, cv2.THRESH_BINARY)
            moving = cv2.bitwise_or(moving, other)
        moving = cv2.medianBlur(moving, 3)
        if cv2.countNonZero(moving) > self._figures.unsure_part * moving.size:
            return None
        return self._grown(moving)

    def _small(self, pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        if width > self._figures.look_width_px:
            size = self._figures.look_width_px, max(1, round(height * self._figures.look_width_px / width))
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        return cv2.GaussianBlur(pixels, (3, 3), 0)  # type: ignore[return-value]

    def _grown(self, moving: Mask) -> Mask:
        """Everything near what moves, and the whole rectangle around each connected part of it."""
        reach = max(3, round(self._figures.grow_part * moving.shape[1])) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        grown: Any = cv2.dilate(moving, kernel)
        count, _, boxes, _ = cv2.connectedComponentsWithStats(grown)
        for number in range(1, count):
            left, top, width, height = boxes[number][:4]
            grown[top : top + height, left : left + width] = 255
        return grown  # type: ignore[no-any-return]


class _Seen:
    """Where something moved last, so that it stays hidden for a while."""

    def __init__(self) -> None:
        self._last_ns: NDArray[np.int64] | None = None
        self._unsure_ns = -(1 << 62)

    def take(self, wall_ns: int, moving: Mask | None) -> None:
        if moving is None:
            self._unsure_ns = wall_ns
            return
        if self._last_ns is None or self._last_ns.shape != moving.shape:
            self._last_ns = np.full(moving.shape, -(1 << 62), np.int64)
        self._last_ns[moving > 0] = wall_ns

    def since(self, wall_ns: int) -> Mask | None:
        """Where something moved at or after a time; None when it could not be told."""
        if self._unsure_ns >= wall_ns or self._last_ns is None:
            return None
        return (self._last_ns >= wall_ns).astype(np.uint8) * 255


def masked(
    pictures: Iterable[Decoded], zones: tuple[MaskZone, ...], movers: Movers | None, clear: Corners,
    figures: MaskingFigures,
) -> Iterator[Masked]:
    """Each picture without its zones and, with `movers`, without what moves outside `clear`.

    What moved before or moves shortly after is hidden as well: nothing flickers clear.
    """
    before_ns, after_ns = int(figures.hold_before_s * 1e9), int(figures.hold_after_s * 1e9)
    seen, waiting = _Seen(), deque[Decoded]()

    def out() -> Masked:
        picture = waiting.popleft()
        moving = seen.since(picture.wall_ns - after_ns) if movers is not None else None
        return _hide(picture, moving, movers is not None, zones, clear, figures)

    for picture in pictures:
        if movers is not None:
            seen.take(picture.wall_ns, movers.look(picture.pixels))
        waiting.append(picture)
        while picture.wall_ns - waiting[0].wall_ns >= before_ns:
            yield out()
            if not waiting:
                break
    while waiting:
        yield out()


def _hide(
    picture: Decoded, moving: Mask | None, by_motion: bool, zones: tuple[MaskZone, ...], clear: Corners,
    figures: MaskingFigures,
) -> Masked:
    height, width = picture.pixels.shape[:2]
    hidden: Any = np.zeros((height, width), np.uint8)
    pixels = picture.pixels
    if by_motion:
        if moving is None:
            hidden[:] = 255
        else:
            hidden = cv2.resize(moving, (width, height), interpolation=cv2.INTER_NEAREST)
        if len(clear) >= 3:
            cv2.fillPoly(hidden, [_points(clear, width, height)], 0)
        pixels = cv2.copyTo(mosaic(picture.pixels, figures), hidden, picture.pixels.copy())  # type: ignore[assignment]
    pixels, behind = hide_zones(pixels, zones)
    return Masked(picture.wall_ns, pixels, hidden | behind, by_motion and moving is None)


def hide_zones(pixels: Pixels, zones: tuple[MaskZone, ...]) -> tuple[Pixels, Mask]:
    """The picture with its privacy zones filled flat, and where they are. Nothing of them can be had back."""
    height, width = pixels.shape[:2]
    hidden: Mask = np.zeros((height, width), np.uint8)
    if zones:
        pixels = pixels.copy()
    for zone in zones:
        corners = _points(zone.points, width, height)
        cv2.fillPoly(pixels, [corners], ZONE_BGR)
        cv2.fillPoly(hidden, [corners], 255)
    return pixels, hidden


def mosaic(pixels: Pixels, figures: MaskingFigures) -> Pixels:
    """The picture in blocks so large that no face and no number plate survives in one."""
    height, width = pixels.shape[:2]
    block = max(figures.block_px_least, round(width / figures.blocks_across))
    few = cv2.resize(
        pixels, (max(1, width // block), max(1, height // block)), interpolation=cv2.INTER_AREA
    )
    return cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST)  # type: ignore[return-value]


def _points(corners: Corners, width: int, height: int) -> NDArray[np.int32]:
    return np.array([(round(x * width), round(y * height)) for x, y in corners], np.int32)
