"""Figures of the field's rules: each rule reads its own file of seeds/rules/, checked at the door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from console.paths import shipped
from console.profile.problems import Problems
from console.profile.reading import parse, read
from console.profile.tables import Table

T = TypeVar("T", bound=Table)
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Positive = Annotated[float, msgspec.Meta(gt=0.0, le=1e12)]
NotNegative = Annotated[float, msgspec.Meta(ge=0.0, le=1e12)]
HourOfDay = Annotated[float, msgspec.Meta(ge=0.0, le=24.0)]
Several = Annotated[int, msgspec.Meta(ge=2, le=1_000)]


def figures(kind: type[T], name: str, path: Path | None = None) -> T:
    """The figures of `seeds/rules/NAME.toml`, or of another file of that form.

    Raises ProfileError with every problem found, each naming file, table, key, what was expected and found.
    """
    shown = f"rules/{name}.toml"
    problems = Problems()
    found: T | None = None
    try:
        data = (path or shipped("seeds") / "rules" / f"{name}.toml").read_bytes()
    except OSError as error:
        problems.say(shown, "", "", "a file that can be read", error.strerror or type(error).__name__)
    else:
        tree = parse(data, shown, problems)
        found = None if tree is None else read(kind, tree, shown, problems)
    problems.raise_any()
    assert found is not None
    return found


def refuse(name: str, table: str, key: str, expected: str, value: object) -> None:
    """Raises ProfileError for one figure that does not go with the others of `rules/NAME.toml`."""
    problems = Problems()
    problems.add(f"rules/{name}.toml", table, key, expected, value)
    problems.raise_any()
