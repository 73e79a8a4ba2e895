"""A city of any size for measurements: Suwon's profile with every fleet multiplied."""

from __future__ import annotations

import re
from pathlib import Path

from console.paths import shipped

SUWON_DEVICES = 22_783


def scaled_city(devices: int, folder: Path) -> str:
    """A profile with about `devices` devices: "suwon" itself, or a file in `folder` made from it.

    Raises ValueError for a number that is not a whole multiple of Suwon's.
    """
    if devices == SUWON_DEVICES:
        return "suwon"
    factor, rest = divmod(devices, SUWON_DEVICES)
    if rest or factor < 1:
        raise ValueError(f"--devices {devices}: expected a multiple of {SUWON_DEVICES}")
    text = (shipped("seeds") / "cities" / "suwon.toml").read_text("utf-8")
    tables = re.split(r"(?m)^(?=\[)", text)
    rooted = sum(_count(one) for one in tables if _fixed(one))
    seeds = folder / "seeds"
    (seeds / "cities").mkdir(parents=True)
    link_seeds(seeds)
    path = seeds / "cities" / f"suwon-x{factor}.toml"
    path.write_text("".join(_scaled(one, factor, rooted) for one in tables), "utf-8")
    return str(path)


def link_seeds(seeds: Path) -> None:
    """All of the shipped data but the cities, where a city made for a measurement looks for it."""
    for one in shipped("seeds").iterdir():
        if one.name != "cities":
            (seeds / one.name).symlink_to(one)


ROOTED = ('"LAMP"', '"LCC"')
"""Lamps stand along the streets in circuits: there is no room for ten times as many."""
INSTEAD = '"NODE"'
"""The fleet that makes up for them: sensing nodes, two points each."""


def _fixed(table: str) -> bool:
    return table.startswith("[[fleets]]") and any(f"prefix = {one}\n" in table for one in ROOTED)


def _count(table: str) -> int:
    found = re.search(r"(?m)^count = (\d+)$", table)
    return int(found[1]) if found else 0


def _scaled(table: str, factor: int, rooted: int) -> str:
    if not table.startswith(("[[fleets]]", "[[registers]]")) or _fixed(table):
        return table
    count = _count(table) * factor
    if f"prefix = {INSTEAD}\n" in table:
        count += rooted * (factor - 1)
    return re.sub(r"(?m)^count = \d+$", f"count = {count}", table)
