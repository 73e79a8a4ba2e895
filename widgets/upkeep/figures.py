"""Availability by system, district or contractor, from the hub's page. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from console.clock import SECOND_NS
from console.language import Catalogue
from console.model.query import AvailabilityPage
from console.profile import Profile
from console.telemetry.availability import Availability, Spent, by_group

Grouping = Literal["system", "district", "contractor"]
GROUPINGS: tuple[Grouping, ...] = ("system", "district", "contractor")


@dataclass(frozen=True, slots=True)
class Line:
    """One group by name, and the whole city where `name` is empty."""

    name: str
    figures: Availability


def lines_of(profile: Profile, catalogue: Catalogue, page: AvailabilityPage, by: Grouping) -> list[Line]:
    """The groups, the worst first; groups without devices are left out."""
    group, names = _groups(profile, catalogue, by)
    found = by_group(_spent(profile, page), group)
    lines = [Line(names[one.group], one) for one in found]
    lines.sort(key=lambda one: (one.figures.share if one.figures.share is not None else 2.0, one.name))
    return lines


def city_line(profile: Profile, page: AvailabilityPage) -> Availability:
    """All devices together."""
    return by_group(_spent(profile, page), np.zeros(len(profile.columns.ids), np.int16))[0]


def percent(share: float | None) -> str:
    """A share as people compare them: three decimals, cut and not rounded up to 100 %; "–" for none."""
    if share is None:
        return "–"
    return f"{int(share * 100_000) / 1000:.3f} %"


def cells(lines: list[Line], page: AvailabilityPage) -> Iterator[tuple[str | float, ...]]:
    """For an export: plain numbers, seconds."""
    for line in lines:
        told = line.figures
        yield (
            line.name, told.devices, "" if told.share is None else round(told.share * 100, 5), told.troubled,
            told.failures, round(told.down_s, 1), "" if told.repair_s is None else round(told.repair_s, 1),
            round((page.to_ns - page.from_ns) / SECOND_NS, 1),
        )  # fmt: skip


def _spent(profile: Profile, page: AvailabilityPage) -> Spent:
    devices = len(profile.columns.ids)
    found = Spent(
        np.zeros(devices), np.zeros(devices), np.zeros(devices), np.zeros(devices, np.int64),
        (page.to_ns - page.from_ns) / SECOND_NS,
    )  # fmt: skip
    for one in page.devices:
        row = profile.columns.row_of.get(one.device_id)
        if row is not None:
            found.down_s[row], found.degraded_s[row] = one.down_s, one.degraded_s
            found.out_s[row], found.failures[row] = one.out_s, one.failures
    return found


def _groups(profile: Profile, catalogue: Catalogue, by: Grouping) -> tuple[np.ndarray, list[str]]:
    """The group of each device row, and what the groups are called."""
    columns, words = profile.columns, catalogue.words
    if by == "system":
        systems = list(profile.systems)
        of_kind = np.array([systems.index(one) for one in columns.kind_system], np.int16)
        return of_kind[columns.kind], [words(one.name) for one in profile.systems.values()]
    if by == "contractor":
        names = [words(one.name) for one in profile.contractors.values()]
        keepers = np.where(profile.keepers < 0, len(names), profile.keepers)
        return keepers, [*names, catalogue.say("upkeep.nobody")]
    names = []
    for district_id in columns.districts:
        district = profile.districts.get(district_id)
        names.append(words(district.name) if district is not None else catalogue.say("upkeep.no_district"))
    return columns.district, names
