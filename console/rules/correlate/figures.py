"""`seeds/rules/correlate.toml`: which happenings are one incident, as data, checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from console.profile.tables import Count, Identifier, Table, Text
from console.rules.figures import NotNegative, Positive, Share, figures, refuse

NAME = "correlate"


class Guard(Table, frozen=True, kw_only=True):
    """Different types are never joined beyond these."""

    apart_m: Positive
    apart_s: Positive


class OnStreet(Table, frozen=True, kw_only=True):
    """How near to its middle a place lies on a road or river."""

    road_within_m: NotNegative
    river_within_m: NotNegative


class Kind(Table, frozen=True, kw_only=True):
    """A row of the matrix: incident types that behave alike. `moves`: its place is where it was seen last.
    `together`: different types of it can be one incident."""

    types: tuple[Identifier, ...]
    radius_m: Positive
    window_s: Positive
    moves: bool = False
    together: bool = False


class Affinity(Table, frozen=True, kw_only=True, rename={"relation": "as", "others": "with"}):
    """How `first` goes with each of `others`; the file explains each figure."""

    first: Identifier
    others: tuple[Identifier, ...]
    radius_m: Positive
    window_s: Positive
    strength: Share
    relation: Literal["join", "child"]
    source: Text
    road_m: NotNegative = 0.0
    river_m: NotNegative = 0.0
    circuit: bool = False


class CorrelateFigures(Table, frozen=True, kw_only=True):
    """All of the file."""

    join_least: Share
    offer_least: Share
    repeat_s: NotNegative
    reopen_s: NotNegative
    reopen_m: NotNegative
    late_s: NotNegative
    together_strength: Share
    most_offered: Count
    most_members: Count
    guard: Guard
    street: OnStreet
    kinds: dict[Identifier, Kind]
    affinities: tuple[Affinity, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What holds between two types, ready to be looked up. `above`: of a child's pair, the parent's type."""

    radius_m: float
    window_ns: int
    strength: float
    relation: Literal["join", "child"]
    same: bool
    above: str = ""
    road_m: float = 0.0
    river_m: float = 0.0
    circuit: bool = False

    @property
    def reach_m(self) -> float:
        """The farthest at which it can hold."""
        return max(self.radius_m, self.road_m, self.river_m)


class Partners(dict[str, Pair | None]):
    """Pairs of one type, by the other; made when they are first asked for."""

    def __init__(self, make: Callable[[str], Pair | None]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, other: str) -> Pair | None:
        made = self[other] = self._make(other)
        return made


def correlate_figures(path: Path | None = None) -> CorrelateFigures:
    """The shipped figures, or those of `path`. Raises ProfileError with what is wrong, by table and key."""
    found = figures(CorrelateFigures, NAME, path)
    if found.offer_least > found.join_least:
        refuse(NAME, "", "offer_least", "not above join_least", found.offer_least)
    seen: dict[str, str] = {}
    for kind_id, kind in found.kinds.items():
        for type_id in kind.types:
            if type_id in seen:
                refuse(NAME, f"kinds.{kind_id}", "types", f"each type in one kind ({seen[type_id]})", type_id)
            seen[type_id] = kind_id
    pairs: set[frozenset[str]] = set()
    for row, one in enumerate(found.affinities):
        _check(found, f"affinities[{row}]", one, pairs)
    return found


def _check(found: CorrelateFigures, table: str, one: Affinity, pairs: set[frozenset[str]]) -> None:
    for kind_id in (one.first, *one.others):
        if kind_id not in found.kinds:
            refuse(NAME, table, "first, with", f"one of {', '.join(found.kinds)}", kind_id)
    if not one.others:
        refuse(NAME, table, "with", "at least one kind", [])
    for other in one.others:
        pair = frozenset((one.first, other))
        if other == one.first or pair in pairs:
            refuse(NAME, table, "with", "each pair of kinds once, and no kind with itself", other)
        pairs.add(pair)
    if one.relation == "join":
        for key, value, most in (
            ("radius_m", one.radius_m, found.guard.apart_m), ("road_m", one.road_m, found.guard.apart_m),
            ("river_m", one.river_m, found.guard.apart_m), ("window_s", one.window_s, found.guard.apart_s),
        ):  # fmt: skip
            if value > most:
                refuse(NAME, table, key, f"at most the guard's {most:g} for what is joined", value)


class Matrix:
    """Every pair of types that has something to do with each other. Immutable; any thread.

    `incident_types` are rows with `id`, `merge_radius_m`, `merge_window_s` (the profile's); `kind_of` names
    the kind of types that are in no file yet.
    """

    def __init__(
        self, told: CorrelateFigures, incident_types: Iterable[Any] = (),
        kind_of: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.figures = told
        self._kind: dict[str, str] = {one: name for name, kind in told.kinds.items() for one in kind.types}
        self._kind.update(kind_of or {})
        self._own = {one.id: (one.merge_radius_m, one.merge_window_s) for one in incident_types}
        self._between: dict[frozenset[str], Affinity] = {
            frozenset((one.first, other)): one for one in told.affinities for other in one.others
        }
        self._made: dict[str, Partners] = {}
        self._reach: dict[str, float] = {}
        self._longest: dict[str, int] = {}

    def kind_of(self, type_id: str) -> str:
        """The kind of a type; "" for one that is in no row."""
        return self._kind.get(type_id, "")

    def moves(self, type_id: str) -> bool:
        kind = self.figures.kinds.get(self.kind_of(type_id))
        return kind is not None and kind.moves

    def pair(self, one: str, other: str) -> Pair | None:
        """What holds between two types; None where they have nothing to do with each other."""
        return self.partners(one)[other]

    def partners(self, one: str) -> Partners:
        """What holds between a type and every other."""
        found = self._made.get(one)
        if found is None:
            found = self._made[one] = Partners(
                lambda other: self._same(one) if one == other else self._different(one, other)
            )
        return found

    def reach_m(self, type_id: str) -> float:
        """How far from an incident of the type anything can lie that has to do with it."""
        if type_id not in self._reach:
            kind = self.kind_of(type_id)
            far = [pair.reach_m for pair in (self._same(type_id),) if pair is not None]
            far += [
                max(one.radius_m, one.road_m, one.river_m)
                for pair, one in self._between.items() if kind in pair
            ]  # fmt: skip
            self._reach[type_id] = max(far, default=0.0)
        return self._reach[type_id]

    def longest_ns(self, type_id: str) -> int:
        """How long after its last clue anything can still belong to an incident of the type."""
        if type_id not in self._longest:
            kind, same = self.kind_of(type_id), self._same(type_id)
            windows = [same.window_ns] if same is not None else []
            windows += [round(one.window_s * 1e9) for pair, one in self._between.items() if kind in pair]
            self._longest[type_id] = max(windows, default=0)
        return self._longest[type_id]

    def _same(self, type_id: str) -> Pair | None:
        kind = self.figures.kinds.get(self.kind_of(type_id))
        radius_m, window_s = self._own.get(
            type_id, (kind.radius_m, kind.window_s) if kind is not None else (0.0, 0.0)
        )
        if radius_m <= 0 or window_s <= 0:
            return None
        return Pair(radius_m, round(window_s * 1e9), 1.0, "join", True)

    def _different(self, one: str, other: str) -> Pair | None:
        kinds = frozenset((self.kind_of(one), self.kind_of(other)))
        if "" in kinds:
            return None
        if len(kinds) == 1:
            return self._kindred(one, other)
        found = self._between.get(kinds)
        if found is None:
            return None
        above = ""
        if found.relation == "child":
            above = one if self.kind_of(one) == found.first else other
        return Pair(
            found.radius_m, round(found.window_s * 1e9), found.strength, found.relation, False, above,
            found.road_m, found.river_m, found.circuit,
        )  # fmt: skip

    def _kindred(self, one: str, other: str) -> Pair | None:
        """Two types of one kind, within the narrower of their own radii and windows, and the guard."""
        kind, guard = self.figures.kinds[self.kind_of(one)], self.figures.guard
        mine, yours = self._same(one), self._same(other)
        if not kind.together or mine is None or yours is None:
            return None
        return Pair(
            min(mine.radius_m, yours.radius_m, guard.apart_m),
            min(mine.window_ns, yours.window_ns, round(guard.apart_s * 1e9)),
            self.figures.together_strength, "join", False,
        )  # fmt: skip
