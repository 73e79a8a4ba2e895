"""Which bands are shown: those of the desk's profile, of what a person pinned, or of what was asked for.
Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from console.model.base import Words
from console.profile import ChartBand, Profile
from widgets.charts.content import Band, band_of, bands_of

MOST_BANDS, MOST_LINES = 24, 8


class PinnedBand(msgspec.Struct, frozen=True):
    """One band as it is kept. Without a title it is named for what it shows."""

    points: tuple[str, ...]
    en: str = ""
    ko: str = ""


class Pinned(msgspec.Struct, frozen=True):
    """What a person pinned: the bands, the stretch of time, what is laid under. No bands: the profile's."""

    bands: tuple[PinnedBand, ...] = ()
    span_s: int = 600
    compare: int = 0


def read_pinned(text: str) -> Pinned:
    """What was kept; the profile's where it cannot be read."""
    try:
        return msgspec.json.decode(text, type=Pinned) if text else Pinned()
    except msgspec.DecodeError:
        return Pinned()


def kept_text(pinned: Pinned) -> str:
    return msgspec.json.encode(pinned).decode()


class Arrangement:
    """The bands by their points. UI thread."""

    def __init__(self, profile: Profile, desk_id: str) -> None:
        self._profile, self._desk_id = profile, desk_id
        self.bands: list[PinnedBand] = []
        self.shows = "profile"
        """What the bands are: of the "profile", "pinned", or "asked" for."""
        self.restore(Pinned())

    def restore(self, pinned: Pinned) -> None:
        """Show what was pinned, else the profile's bands. Points the city has no more are left out."""
        known = self._profile.point_by_id
        kept = [
            msgspec.structs.replace(one, points=tuple(p for p in one.points if p in known))
            for one in pinned.bands
        ]
        self.bands = [one for one in kept if one.points][:MOST_BANDS]
        self.shows = "pinned" if self.bands else "profile"
        if not self.bands:
            desk = self._profile.desks.get(self._desk_id)
            charts: Sequence[ChartBand] = desk.charts if desk is not None else ()
            self.bands = [
                PinnedBand(tuple(one.point_ids), one.title.en, one.title.ko) for one in charts
            ]

    def ask(self, point_ids: Sequence[str]) -> bool:
        """Show these points instead, a band for each device; False where the city has none of them."""
        by_device: dict[str, list[str]] = {}
        for point_id in dict.fromkeys(point_ids):
            point = self._profile.point_by_id.get(point_id) if point_id else None
            if point is not None:
                by_device.setdefault(point.device_id, []).append(point_id)
        if not by_device:
            return False
        self.bands = [PinnedBand(tuple(own[:MOST_LINES])) for own in by_device.values()][:MOST_BANDS]
        self.shows = "asked"
        return True

    def show(self, bands: Sequence[PinnedBand]) -> None:
        """Show these bands until others are asked for or the pinned ones are called back."""
        self.bands = list(bands)[:MOST_BANDS]
        self.shows = "asked"

    def add(self, point_id: str, into: int | None = None) -> bool:
        """Add a point as a band of its own, or to band number `into`; False where it is there, or too
        many."""
        if point_id not in self._profile.point_by_id:
            return False
        if into is None:
            if len(self.bands) >= MOST_BANDS or any(one.points == (point_id,) for one in self.bands):
                return False
            self.bands.append(PinnedBand((point_id,)))
        else:
            band = self.bands[into]
            if point_id in band.points or len(band.points) >= MOST_LINES:
                return False
            self.bands[into] = PinnedBand((*band.points, point_id))
        self.shows = "asked"
        return True

    def remove(self, number: int) -> bool:
        """Take a band away; False for the last one."""
        if len(self.bands) <= 1 or not 0 <= number < len(self.bands):
            return False
        del self.bands[number]
        self.shows = "asked"
        return True

    def split(self, number: int) -> bool:
        """A band of each of its lines, one under the other; one of a single line is joined with those of the
        same quantity. False where nothing changes."""
        band = self.bands[number]
        if len(band.points) > 1:
            singles = [PinnedBand((one,)) for one in band.points]
            if len(self.bands) - 1 + len(singles) > MOST_BANDS:
                return False
            self.bands[number : number + 1] = singles
        else:
            quantity = band.points[0].rpartition("/")[2]
            same = [
                one for one in self.bands
                if len(one.points) == 1 and one.points[0].rpartition("/")[2] == quantity
            ][:MOST_LINES]  # fmt: skip
            if len(same) < 2:
                return False
            joined = PinnedBand(tuple(one.points[0] for one in same))
            self.bands[number] = joined
            self.bands = [one for one in self.bands if one is joined or one not in same]
        self.shows = "asked"
        return True

    def made(self) -> tuple[Band, ...]:
        """The bands with their lines, names and limits."""
        if self.shows == "profile":
            return bands_of(self._profile, self._desk_id)
        return tuple(
            band_of(self._profile, ChartBand(title=self._title(one), point_ids=one.points))
            for one in self.bands
        )

    def pinned(self, span_s: int, compare: int) -> Pinned:
        """What is shown, to be kept."""
        bands = () if self.shows == "profile" else tuple(self.bands)
        return Pinned(bands, span_s, compare)

    def _title(self, band: PinnedBand) -> Words:
        if band.en and band.ko:
            return Words(en=band.en, ko=band.ko)
        points = [self._profile.point_by_id[one] for one in band.points]
        names = [self._profile.devices[one.device_id].name for one in points]
        first = names[0]
        if len({one.device_id for one in points}) > 1:
            quantity = self._profile.points.name(points[0].index)
            if len({one.quantity for one in points}) == 1:
                return quantity
            more = len({one.device_id for one in points}) - 1
            return Words(en=f"{first.en} +{more}", ko=f"{first.ko} 외 {more}")
        return first
