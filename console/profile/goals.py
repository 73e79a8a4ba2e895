"""What a city has promised itself for a year, and what it opens to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from console.model.base import Record, Words
from console.profile.problems import Problems
from console.profile.tables import Measure, SystemFile

Content: TypeAlias = Literal["devices", "availability", "goals", "measurements"]


class Goal(Record, frozen=True, kw_only=True):
    """One figure of a year: what the record says of `measure`, held against `target`. An empty `system` or
    `incident_type` restricts nothing. `at_least`: the target is a floor, else a ceiling."""

    id: str
    name: Words
    measure: Measure
    system: str
    incident_type: str
    at_least: bool
    target: float
    year: int
    source: str


class Dataset(Record, frozen=True, kw_only=True):
    """One set of data that is opened: `content` of these systems, none of them personal."""

    id: str
    name: Words
    about: Words
    content: Content
    systems: tuple[str, ...]


def goals_of(systems: Mapping[str, SystemFile]) -> dict[str, Goal]:
    """In the order of the files."""
    return {
        one.id: Goal(
            id=one.id, name=one.name, measure=one.measure, system=one.system, at_least=one.at_least,
            incident_type=one.incident_type, target=one.target, year=one.year, source=one.source,
        )
        for file in systems.values() for one in file.indicators if one.system in ("", *systems)
    }  # fmt: skip


def datasets_of(systems: Mapping[str, SystemFile]) -> dict[str, Dataset]:
    """Of systems this city has."""
    return {
        one.id: Dataset(
            id=one.id, name=one.name, about=one.about, content=one.content,
            systems=tuple(name for name in one.systems if name in systems),
        )
        for file in systems.values() for one in file.datasets
    }  # fmt: skip


def check_goals(systems: Mapping[str, SystemFile], types: set[str], problems: Problems) -> None:
    """Ids only once, incident types that exist, nothing opened of what is personal."""
    seen: set[str] = set()
    for name, file in systems.items():
        shown = f"systems/{name}.toml"
        for number, goal in enumerate(file.indicators):
            table = f"indicators[{number}] ({goal.id})"
            if goal.id in seen:
                problems.add(shown, table, "id", "each only once", goal.id)
            seen.add(goal.id)
            if goal.incident_type and goal.incident_type not in types:
                problems.add(shown, table, "incident_type", "an incident type", goal.incident_type)
        for number, opened in enumerate(file.datasets):
            table = f"datasets[{number}] ({opened.id})"
            if opened.id in seen:
                problems.add(shown, table, "id", "each only once", opened.id)
            seen.add(opened.id)
            for one in opened.systems:
                if one in systems and systems[one].system.personal:
                    problems.add(shown, table, "systems", "no system marked as personal", one)
