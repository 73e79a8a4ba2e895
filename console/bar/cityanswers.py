"""Answers from what stands in the city: cameras, devices, places, curves, and where a new incident may be."""

from __future__ import annotations

import re

import numpy as np

from console.bar.figures import BarFigures
from console.bar.offer import Offer
from console.bar.ranking import Line, words_of
from console.bar.situation import Situation
from console.geo.gazetteer import Bools, FoundPlace, Gazetteer
from console.language import Catalogue
from console.model.base import Words
from console.profile import IncidentType, Profile
from console.report.names import device_name

_AT = re.compile(r"\s+(?:at|in|near|@)\s+|\s*@\s*|(?<=에서)\s+|(?<=에)\s+", re.IGNORECASE)
STATES = ("degraded", "down")


class CityAnswers:
    """`gazetteer` is None while the names are read: then there are no answers. UI thread only."""

    def __init__(self, profile: Profile, catalogue: Catalogue, figures: BarFigures) -> None:
        self._profile, self._catalogue, self._figures = profile, catalogue, figures
        self.gazetteer: Gazetteer | None = None
        columns = profile.columns
        self._is_camera: Bools = np.zeros(len(columns.ids), np.bool_)
        self._is_camera[profile.camera_columns.row] = True
        self._types = {
            one.id: Line((one.name.en, one.name.ko, one.id.replace("_", " ")))
            for one in profile.incident_types.values()
        }
        self._quantities: dict[str, tuple[tuple[str, Line], ...]] | None = None

    # cameras, devices, places

    def cameras(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Cameras by number, id, place or purpose. Several numbers are one offer: all of them."""
        if self.gazetteer is None:
            return []
        numbers = words_of(rest)
        if len(numbers) > 1 and all(one.isdigit() for one in numbers):
            return self._several(numbers[: self._figures.answers.numbers], rest, now)
        found = self.gazetteer.devices(" ".join(numbers), now.near, most, self._is_camera)
        return [self._camera(one, now) for one in found]

    def _several(self, numbers: tuple[str, ...], rest: str, now: Situation) -> list[Offer]:
        assert self.gazetteer is not None
        ids: list[str] = []
        missing = []
        for one in numbers:
            found = self.gazetteer.devices(one, now.near, 1, self._is_camera)
            if found and found[0].id not in ids:
                ids.append(found[0].id)
            elif not found:
                missing.append(one)
        say = self._catalogue.say
        refused = say("bar.not.no_camera", number=", ".join(missing)) if missing else ""
        return [
            Offer(
                kind="camera", id=ids[0] if ids else "", ids=tuple(ids), refused=refused,
                title=say("bar.cameras", count=len(ids)), detail=", ".join(ids),
                does=say("bar.does.cameras", count=len(ids)), fill=f"{self._word('cam')} {rest}",
            )
        ]  # fmt: skip

    def _camera(self, found: FoundPlace, now: Situation) -> Offer:
        title = self._catalogue.words(found.name)
        return Offer(
            kind="camera", id=found.id, ids=(found.id,), title=title, detail=self._detail(found, now),
            does=self._catalogue.say("bar.does.camera", name=title, id=found.id),
            fill=f"{self._word('cam')} {found.id}", position=found.position, names=_names(found),
        )  # fmt: skip

    def devices(self, text: str, now: Situation, most: int) -> list[Offer]:
        """Any device, by whatever it is called."""
        if self.gazetteer is None:
            return []
        found = self.gazetteer.devices(" ".join(words_of(text)), now.near, most)
        say, offers = self._catalogue.say, []
        for one in found:
            device = self._profile.devices[one.id]
            does = "controls" if self._profile.controls_of_kind.get(device.kind) else "device"
            title = self._catalogue.words(one.name)
            offers.append(
                Offer(
                    kind="device", id=one.id, title=title, detail=self._detail(one, now),
                    does=say(f"bar.does.{does}", name=title, id=one.id),
                    fill=f"{self._word('device')} {one.id}", position=one.position,
                    names=_names(one),
                )
            )  # fmt: skip
        return offers

    def places(self, text: str, now: Situation, most: int, devices: bool) -> list[Offer]:
        """Places of the city, with `devices` also what stands there."""
        if self.gazetteer is None:
            return []
        found = self.gazetteer.search(text, now.near, most if devices else most + 40).found
        return [self._place(one, now) for one in found if devices or one.kind != "device"][:most]

    def _place(self, found: FoundPlace, now: Situation) -> Offer:
        title = self._catalogue.words(found.name)
        detail = self._catalogue.words(found.detail)
        if found.kind == "device":
            detail = self._detail(found, now)
        return Offer(
            kind="place", id=found.id if found.kind == "device" else "", title=title, detail=detail,
            does=self._catalogue.say("bar.does.place", name=title), position=found.position,
            fill=f"{self._word('go')} {found.id if found.kind == 'device' else title}",
            names=(*_names(found), *self._without_city(found.name)),
        )  # fmt: skip

    def _without_city(self, name: Words) -> tuple[str, ...]:
        """A place as people of the city say it: the city hall, not the city's city hall."""
        city = self._profile.name
        said = (
            name.en.removeprefix(city.en), name.ko.removeprefix(city.ko.removesuffix("시")),
            name.ko.removeprefix(city.ko),
        )  # fmt: skip
        return tuple(text for one in said if (text := one.strip()))

    def _detail(self, found: FoundPlace, now: Situation) -> str:
        parts = [found.id, self._catalogue.words(found.detail)]
        standing = now.state.devices.get(found.id)
        if standing is not None and standing.condition in STATES:
            parts.append(self._catalogue.say(f"bar.condition.{standing.condition}"))
        return " · ".join(filter(None, parts))

    # curves

    def charts(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Curves of devices: the words are a device's, or a device's and a quantity's."""
        if self.gazetteer is None:
            return []
        if self._quantities is None:
            self._quantities = self._learn_quantities()
        columns = self._profile.columns
        words = words_of(rest)
        measured = np.array([bool(self._quantities.get(one)) for one in columns.kinds])[columns.kind]
        found = self.gazetteer.devices(" ".join(words), now.near, most, measured)
        if found:
            return self._curves(found, (), most)
        quantity = tuple(word for word in words if self._names_quantity(word))
        others = tuple(word for word in words if word not in quantity)
        fits = np.array([self._has_quantity(one, quantity) for one in columns.kinds])[columns.kind]
        if not quantity:
            return []
        found = self.gazetteer.devices(" ".join(others), now.near, most, measured & fits)
        return self._curves(found, quantity, most)

    def _learn_quantities(self) -> dict[str, tuple[tuple[str, Line], ...]]:
        """What each kind of device measures, from the first device of the kind."""
        profile, found = self._profile, {}
        kinds, first = np.unique(profile.columns.kind, return_index=True)
        for kind, row in zip(kinds, first, strict=True):
            points = profile.points.of_device(int(row))
            names = [(profile.points[one].quantity, profile.points.name(one)) for one in points]
            found[profile.columns.kinds[int(kind)]] = tuple(
                (quantity, Line((name.en, name.ko, quantity.replace("_", " ")))) for quantity, name in names
            )
        return found

    def _names_quantity(self, word: str) -> bool:
        assert self._quantities is not None
        return any(line.fit((word,)) for lines in self._quantities.values() for _, line in lines)

    def _has_quantity(self, kind: str, words: tuple[str, ...]) -> bool:
        assert self._quantities is not None
        return any(line.fit(words) is not None for _, line in self._quantities.get(kind, ()))

    def _curves(self, found: tuple[FoundPlace, ...], quantity: tuple[str, ...], most: int) -> list[Offer]:
        assert self._quantities is not None
        say, words, offers = self._catalogue.say, self._catalogue.words, []
        for one in found:
            kind = self._profile.devices[one.id].kind
            wanted = {
                name for name, line in self._quantities[kind]
                if not quantity or line.fit(quantity) is not None
            }  # fmt: skip
            for index in self._profile.points.of_device(self._profile.columns.row_of[one.id]):
                point = self._profile.points[index]
                if point.quantity in wanted:
                    name = words(self._profile.points.name(index))
                    title = f"{words(one.name)} · {name}"
                    offers.append(
                        Offer(
                            kind="chart", id=point.id, title=title, detail=f"{one.id} · {words(one.detail)}",
                            does=say("bar.does.chart", name=title),
                            fill=f"{self._word('chart')} {one.id} {name}",
                        )
                    )  # fmt: skip
        return offers[:most]

    # a new incident

    def new(self, rest: str, now: Situation) -> list[Offer]:
        """What happened and where: "fire at city hall", "시청 화재"; no place is the selected camera's."""
        if self.gazetteer is None:
            return []
        head, place = self._split(rest)
        most = self._figures.new.places
        types = self._ranked_types(head)
        if not place:
            return [self._new_here(one, rest, now) for one in types[: self._figures.answers.lines]]
        found = self.gazetteer.search(place, now.near, most).found
        return [self._new_at(types[0], one, rest, now) for one in found] if types else []

    def _split(self, rest: str) -> tuple[str, str]:
        """What happened, and where: parted by "at", or by the longest words that name a kind of incident."""
        parts = [one.strip() for one in _AT.split(rest, maxsplit=1) if one.strip()]
        if len(parts) == 2:
            return (parts[0], parts[1]) if self._ranked_types(parts[0]) else (parts[1], parts[0])
        words = rest.split()
        if self._ranked_types(rest):
            return rest, ""
        for count in range(len(words) - 1, 0, -1):
            for head, tail in ((words[:count], words[count:]), (words[-count:], words[:-count])):
                if self._ranked_types(" ".join(head)):
                    return " ".join(head), " ".join(tail)
        return rest, ""

    def _ranked_types(self, text: str) -> list[IncidentType]:
        words = words_of(text)
        kinds = self._profile.incident_types
        fits = [(fit, kinds[one].priority, one) for one, line in self._types.items()
                if (fit := line.fit(words)) is not None]  # fmt: skip
        return [kinds[one] for *_, one in sorted(fits)]

    def _new_here(self, kind: IncidentType, rest: str, now: Situation) -> Offer:
        say, name = self._catalogue.say, self._catalogue.words(kind.name)
        camera = now.camera_id
        where = device_name(self._profile, self._catalogue, camera) if camera else ""
        refused = now.no_orders or ("" if camera else say("bar.not.no_place"))
        does = say("bar.does.new" if camera else "bar.does.new_where", type=name, place=where)
        return Offer(
            kind="new", id=kind.id, other=camera, title=name, detail=where or say("bar.new_where"), does=does,
            refused=refused, fill=say("bar.fill.new", word=self._word("new"), type=name), text=rest,
        )  # fmt: skip

    def _new_at(self, kind: IncidentType, found: FoundPlace, rest: str, now: Situation) -> Offer:
        say, words = self._catalogue.say, self._catalogue.words
        name, place = words(kind.name), words(found.name)
        at, bounds = found.position, self._profile.bounds
        inside = bounds.south <= at.lat <= bounds.north and bounds.west <= at.lon <= bounds.east
        return Offer(
            kind="new", id=kind.id, other=found.id if found.kind == "device" else "",
            title=f"{name} · {place}", detail=self._detail(found, now),
            does=say("bar.does.new", type=name, place=place), position=found.position, where=found.name,
            refused=now.no_orders or ("" if inside else say("bar.not.outside")), text=f"{place}: {rest}",
            fill=say("bar.fill.new", word=self._word("new"), type=name) + place,
        )  # fmt: skip

    def _word(self, verb: str) -> str:
        return self._catalogue.say(f"bar.verb.{verb}.word")


def _names(found: FoundPlace) -> tuple[str, ...]:
    return (found.name.en, found.name.ko, found.id)
