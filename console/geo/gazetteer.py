"""Finding a place or a device of the city by whatever somebody says: a name, an address, an id, a number.

A device's words are its id, its kind, its purpose, its place and its district, in both languages. These are
few different texts; a word is looked for in each of them once and the devices follow by their columns, so
that a search over 20,000 devices takes milliseconds. Every word must be found. Korean: initial consonants
alone, a last syllable that is still being typed, and particles are understood. Pure once built; building
takes about a quarter of a second and belongs into a thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from console.geo.coordinates import decimal, parse_coordinate
from console.geo.hangul import without_particle
from console.geo.vocabulary import Vocabulary, normal
from console.model.base import Position, Record, Words, same_words
from console.profile import Profile
from console.profile.ground import METRES_PER_DEGREE

Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
FoundKind = Literal["coordinate", "address", "district", "site", "street", "feature", "device"]

MOST_WORDS = 8
MOST_PLACES = 40
"""Named places come before devices; so many at most."""
HOUSE_PAIR_M = 20.0
"""House numbers count 20 m a pair, odd on the left (Korea's Road Name Address Act; the profile's too)."""
_NUMBERED = re.compile(r"(.*\D)\s*(\d{1,5})(?:-\d{1,4})?$")
_AFTER = re.compile(r"(?<=\d)\s*(?:번지|번|호)?\s*(?:앞|옆|뒤|근처|부근|쪽|건너편)?(?:에서|에|으로|의)?$")
_ID_TAIL = re.compile(r"(.*?)(\d+)$")
_SPLIT = re.compile(r"[\s,;·/]+")


class Feature(Record, frozen=True, kw_only=True):
    """A named thing of a map layer."""

    name: str
    position: Position
    layer: str


class FoundPlace(Record, frozen=True, kw_only=True):
    """One answer. `row` is the device's, -1 for what is none; `m` how far it lies from where it was asked."""

    kind: FoundKind
    id: str
    name: Words
    detail: Words
    position: Position
    row: int = -1
    m: float = 0.0


class Answer(Record, frozen=True, kw_only=True):
    """The best answers, best first, and how many devices fit in all."""

    found: tuple[FoundPlace, ...] = ()
    devices: int = 0


class Gazetteer:
    """The names of one city. Any thread."""

    def __init__(self, profile: Profile, features: Sequence[Feature] = ()) -> None:
        self._profile = profile
        columns = profile.columns
        self._kinds = Vocabulary([_both(profile.kinds[one].name) for one in columns.kinds])
        self._systems = Vocabulary([_both(profile.systems[one].name) for one in columns.kind_system])
        self._districts = Vocabulary([_both(profile.districts[one].name) for one in columns.districts])
        camera_columns = profile.camera_columns
        self._purposes = Vocabulary([_both(profile.purposes[one]) for one in camera_columns.purposes])
        self._camera_rows = camera_columns.row
        self._learn_ids(columns.ids)
        self._learn_places()
        ko, en = normal(profile.name.ko), normal(profile.name.en)
        self._city_names = tuple({ko, ko.removesuffix("시"), en})
        self._named = _named_places(profile, features)
        self._named_names = Vocabulary([one.name.ko for one in self._named])
        self._named_english = Vocabulary([one.name.en for one in self._named])
        self._streets_ko = [normal(one.ko) for one in profile.street_columns.names]
        self._streets_en = [normal(one.en) for one in profile.street_columns.names]
        self._masks: dict[str, Bools] = {}

    def _learn_ids(self, ids: tuple[str, ...]) -> None:
        heads: dict[str, int] = {}
        numbers: dict[str, int] = {}
        head_of, number_of = np.zeros(len(ids), np.int32), np.zeros(len(ids), np.int32)
        for row, one in enumerate(ids):
            tail = _ID_TAIL.fullmatch(normal(one))
            head, number = (tail[1], tail[2]) if tail is not None else (normal(one), "")
            head_of[row] = heads.setdefault(head, len(heads))
            number_of[row] = numbers.setdefault(number, len(numbers))
        self._heads, self._numbers = tuple(heads), tuple(numbers)
        self._head_of, self._number_of = head_of, number_of
        self._head_words, self._number_words = Vocabulary(self._heads), Vocabulary(self._numbers)
        self._same_number: dict[str, list[int]] = {}
        for at, one in enumerate(self._numbers):
            self._same_number.setdefault(one.lstrip("0"), []).append(at)

    def _learn_places(self) -> None:
        columns, devices = self._profile.columns, self._profile.devices
        code = (columns.place_kind.astype(np.int64) << 56) | (columns.place_one.astype(np.int64) << 28)
        code |= columns.place_other.astype(np.int64)
        _, first, self._place_of = np.unique(code, return_index=True, return_inverse=True)
        places = [devices.place(int(row)) for row in first]
        self._place_ko = Vocabulary([one.name.ko for one in places])
        self._place_en = Vocabulary([one.name.en for one in places])
        # Single devices have names of their own: those that stand at a place told in words.
        named = np.flatnonzero(columns.place_kind == 0)
        self._own_rows = named
        self._own = Vocabulary([_both(devices.at(int(row)).name) for row in named])

    def forget(self) -> None:
        """Forget which devices the last words fit: for measuring."""
        self._masks.clear()

    def search(self, text: str, near: Position, most: int = 60) -> Answer:
        """Answers to what somebody typed, nearest to `near` first among equals."""
        text = text.strip()
        if not text:
            return Answer()
        found: list[FoundPlace] = []
        at = parse_coordinate(text, near)
        if at is not None:
            said = same_words(decimal(at))
            found.append(
                FoundPlace(kind="coordinate", id="", name=said, detail=same_words(""), position=at,
                           m=_apart_m(at, near))
            )  # fmt: skip
        found += self._addresses(text, near)
        words = tuple(dict.fromkeys(filter(None, map(normal, _SPLIT.split(text)))))[:MOST_WORDS]
        if words:
            found += self._places(words, near)
        rows = self._device_rows(words, near) if words and at is None else np.zeros(0, np.int64)
        room = max(0, most - len(found))
        found += [self._device(int(row), near) for row in rows[:room]]
        return Answer(found=tuple(found[:most]), devices=len(rows))

    def devices(
        self, text: str, near: Position, most: int = 60, among: Bools | None = None
    ) -> tuple[FoundPlace, ...]:  # fmt: skip
        """Devices alone that every word fits, best first; where `among` (bool by row) is told, only these,
        and without words the nearest of them."""
        words = tuple(dict.fromkeys(filter(None, map(normal, _SPLIT.split(text)))))[:MOST_WORDS]
        rows = self._device_rows(words, near, among)[:most] if words or among is not None else ()
        return tuple(self._device(int(row), near) for row in rows)

    # named places

    def _places(self, words: tuple[str, ...], near: Position) -> list[FoundPlace]:
        joined = "".join(words)
        scores: list[tuple[int, float, int]] = []
        ko, en = self._named_names, self._named_english
        mask = np.ones(len(self._named), np.bool_)
        for word in words:
            mask &= self._any(word, (ko, en))
        exact = ko.equal(joined) | en.equal(joined)
        for said in {joined, without_particle(joined)}:
            # "City hall" is the city's own, before whatever else begins so.
            for city in ("", *self._city_names):
                exact |= ko.equal(city + said) | en.equal(city + said)
        first = ko.starting(words[0]) | en.starting(words[0])
        for number in np.flatnonzero(mask):
            place = self._named[number]
            rank = 0 if exact[number] else 1 if first[number] else 2
            scores.append((rank, _apart_m(place.position, near), int(number)))
        scores.sort()
        return [_far(self._named[number], m) for _, m, number in scores[:MOST_PLACES]]

    def _addresses(self, text: str, near: Position) -> list[FoundPlace]:
        """A street and a house number, also where no device stands: the place follows from the number."""
        told = _NUMBERED.fullmatch(_AFTER.sub("", text))
        if told is None:
            return []
        words = [normal(one) for one in _SPLIT.split(told[1]) if one]
        # Districts and the city before the street say which one; what is left is the street.
        street = "".join(words)
        number = int(told[2])
        found: list[FoundPlace] = []
        for names in (self._streets_ko, self._streets_en):
            numbers = [at for at, name in enumerate(names) if name and street.endswith(name)]
            if numbers:
                longest = max(len(names[at]) for at in numbers)
                found += [
                    place for at in numbers if len(names[at]) == longest
                    if (place := self._house(at, number, near)) is not None
                ]  # fmt: skip
                break
        return found

    def _house(self, street: int, number: int, near: Position) -> FoundPlace | None:
        columns = self._profile.street_columns
        pieces = np.flatnonzero((columns.street == street) & (columns.rank != 2))
        if not len(pieces):
            return None
        metre = (max(number, 1) - 1) // 2 * HOUSE_PAIR_M
        piece = int(pieces[np.searchsorted(columns.start_m[pieces], metre, side="right") - 1])
        lat0, lon0 = float(columns.lat0[piece]), float(columns.lon0[piece])
        lat1, lon1 = float(columns.lat1[piece]), float(columns.lon1[piece])
        long_m = _apart_m(Position(lat=lat0, lon=lon0), Position(lat=lat1, lon=lon1))
        share = (metre - float(columns.start_m[piece])) / max(long_m, 1.0)
        if share > 1.0:
            return None  # the street ends before that number
        at = Position(lat=round(lat0 + (lat1 - lat0) * share, 6), lon=round(lon0 + (lon1 - lon0) * share, 6))
        name = columns.names[street]
        return FoundPlace(
            kind="address", id=f"{street}/{number}",
            name=Words(en=f"{name.en} {number}", ko=f"{name.ko} {number}"),
            detail=same_words(decimal(at)), position=at, m=_apart_m(at, near),
        )  # fmt: skip

    # devices

    def _device_rows(self, words: tuple[str, ...], near: Position, among: Bools | None = None) -> Ints:
        """Rows of all devices (of those named) that every word fits, best first."""
        columns = self._profile.columns
        mask = np.ones(len(columns.ids), np.bool_) if among is None else among.copy()
        for word in words:
            mask &= self._mask(word)
            if not mask.any():
                return np.zeros(0, np.int64)
        rows = np.flatnonzero(mask)
        joined = "".join(words)
        last = _ID_TAIL.fullmatch(words[-1]) if words else None
        exact = np.zeros(len(rows), np.int8)
        if last is not None:
            same = self._same_number.get(last[2].lstrip("0"), [])
            exact[np.isin(self._number_of[rows], same)] = -1
        row_of = self._profile.columns.row_of
        row = next((row_of[one] for one in map(str.upper, (joined, *words[:1])) if one in row_of), -1)
        exact[rows == row] = -2
        east = (columns.lon[rows] - near.lon) * np.cos(np.radians(near.lat))
        apart = (columns.lat[rows] - near.lat) ** 2 + east**2
        return rows[np.lexsort((rows, apart, exact))].astype(np.int64)

    def _mask(self, word: str) -> Bools:
        """Which devices a word fits. Kept: the next letter typed asks for the earlier words again."""
        found = self._masks.get(word)
        if found is None:
            found = self._rows_with(word)
            shorter = without_particle(word)
            if not found.any() and shorter != word:
                found = self._rows_with(shorter)
            if len(self._masks) > 64:
                self._masks.clear()
            self._masks[word] = found
        return found

    def _rows_with(self, word: str) -> Bools:
        columns = self._profile.columns
        if len(word) == 1:
            # One letter is in nearly every text: it says something only of a kind, as a number or in an id.
            heads = self._head_words.starting(word)[self._head_of]
            same = self._same_number.get(word.lstrip("0"), []) if word.isdigit() else []
            return heads | np.isin(self._number_of, same) | self._kinds.starting(word)[columns.kind]
        found = (self._kinds.holding(word) | self._systems.holding(word))[columns.kind]
        found |= (self._place_ko.holding(word) | self._place_en.holding(word))[self._place_of]
        found |= self._districts.holding(word)[columns.district]
        purposes = self._purposes.holding(word)
        if purposes.any():
            found[self._camera_rows[purposes[self._profile.camera_columns.purpose]]] = True
        own = self._own.holding(word)
        found[self._own_rows[own]] = True
        found |= self._head_words.holding(word)[self._head_of]
        tail = _ID_TAIL.fullmatch(word)
        if tail is not None:
            found |= self._ids_with(tail[1], tail[2])
        return found

    def _ids_with(self, head: str, digits: str) -> Bools:
        """Ids whose number holds the digits (all of it, where letters stand before)."""
        if head:
            heads = np.array([one.endswith(head) or one.rstrip("-").endswith(head) for one in self._heads])
            if not heads.any():
                return np.zeros(len(self._head_of), np.bool_)
            # "12" is 0012 and begins 12xx; "012" is as it is written.
            numbers = self._number_words.starting(digits)
            numbers[self._same_number.get(digits.lstrip("0"), [])] = True
            return heads[self._head_of] & numbers[self._number_of]
        return self._number_words.holding(digits)[self._number_of]

    def _any(self, word: str, vocabularies: tuple[Vocabulary, ...]) -> Bools:
        found = _or(word, vocabularies)
        shorter = without_particle(word)
        return found if found.any() or shorter == word else _or(shorter, vocabularies)

    def _device(self, row: int, near: Position) -> FoundPlace:
        device = self._profile.devices.at(row)
        place = device.place
        return FoundPlace(
            kind="device", id=device.id, name=device.name, detail=place.name, position=place.position,
            row=row, m=_apart_m(place.position, near),
        )  # fmt: skip


def _or(word: str, vocabularies: tuple[Vocabulary, ...]) -> Bools:
    found = vocabularies[0].holding(word)
    for one in vocabularies[1:]:
        found = found | one.holding(word)
    return found


def _both(words: Words) -> str:
    return f"{words.ko}|{words.en}".replace("|", "- -")


def _named_places(profile: Profile, features: Sequence[Feature]) -> list[FoundPlace]:
    found = [
        FoundPlace(kind="district", id=one.id, name=one.name, detail=profile.name, position=one.centre)
        for one in profile.districts.values()
    ]
    found += [
        FoundPlace(kind="site", id=one.kind, name=one.name, position=one.position,
                   detail=profile.districts[one.district].name)
        for one in profile.sites
    ]  # fmt: skip
    found += [
        FoundPlace(kind="street", id=one.kind, name=one.name, detail=profile.name,
                   position=one.path[len(one.path) // 2])
        for one in profile.streets
    ]  # fmt: skip
    found += [
        FoundPlace(kind="feature", id=one.layer, name=same_words(one.name), detail=same_words(one.layer),
                   position=one.position)
        for one in features
    ]  # fmt: skip
    return found


def _far(place: FoundPlace, m: float) -> FoundPlace:
    return FoundPlace(
        kind=place.kind, id=place.id, name=place.name, detail=place.detail, position=place.position, m=m
    )


def _apart_m(one: Position, other: Position) -> float:
    east = (one.lon - other.lon) * float(np.cos(np.radians(other.lat)))
    return float(np.hypot(east, one.lat - other.lat)) * METRES_PER_DEGREE
