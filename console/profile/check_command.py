"""`bongsu profile check [CITY]`: whether a city's files can be used, and what comes out of them.

`bongsu profile new NAME`: a new system's file to begin with.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from console.profile.areaacts import area_figures
from console.profile.load import load_profile
from console.profile.messages import MessageBook, message_book
from console.profile.problems import ProfileError
from console.profile.procedures import ProcedureBook, load_procedures
from console.profile.profile import Profile
from console.profile.skeleton import NEXT, SkeletonError, write_system


def run(argv: Sequence[str]) -> int:
    """`check [CITY]`: print counts by system and district, or every problem. `new NAME`: a system's file.

    Returns 0 when the city can be used or the file is made, 1 when not. Leaves by SystemExit(2) on a wrong
    argument.
    """
    parser = argparse.ArgumentParser(prog="bongsu profile", description="A city's data.")
    words = parser.add_subparsers(dest="word", required=True)
    check = words.add_parser("check", help="whether a city's files can be used, and what comes out of them")
    check.add_argument(
        "city",
        nargs="?",
        default="suwon",
        help="the name of a shipped city, or the path of a city's TOML file",
    )
    new = words.add_parser("new", help="a new system's file with a comment at every key, to begin with")
    new.add_argument("name", help="the system's short name, as in systems/NAME.toml")
    new.add_argument("--row", type=int, default=100, help="its number in the list of systems (default 100)")
    new.add_argument("--owner", default="safety", help="a key of the city's [owners] (default safety)")
    new.add_argument("--into", type=Path, default=Path(), help="the folder (default: where you are)")
    told = parser.parse_args(list(argv))
    if told.word == "new":
        return _new(told)
    return _check(str(told.city))


def _new(told: argparse.Namespace) -> int:
    try:
        path = write_system(told.name, told.row, told.owner, told.into)
    except SkeletonError as error:
        _say(str(error))
        return 1
    _say(f"{path} is made.")
    _say(NEXT.format(id=told.name, owner=told.owner))
    return 0


def _check(told: str) -> int:
    city: str | Path = Path(told) if told.endswith(".toml") or "/" in told else told
    try:
        profile = load_profile(city)
        procedures = load_procedures(city, profile)
        messages = message_book(profile.city, profile.country, profile.languages)
        area_figures()
    except ProfileError as error:
        _say(f"{told}: this city cannot be used. Mend the following and check again.")
        for problem in error.problems:
            _say(f"  {problem}")
        _say(f"{len(error.problems)} problem(s).")
        return 1
    for line in summary(profile):
        _say(line)
    for line in procedure_lines(procedures):
        _say(line)
    _say(message_line(messages, profile))
    return 0


def message_line(book: MessageBook, profile: Profile) -> str:
    """Disaster messages in a line: how many texts, and for how many of the city's incident types."""
    if not book.sender:
        return "No disaster messages: messages.toml names no sender for this city."
    own = sum(any(kind in one.types for one in book.told.texts) for kind in profile.incident_types)
    return f"{len(book.texts)} texts of disaster messages, own ones for {own} incident types ({book.sender})"


def procedure_lines(book: ProcedureBook) -> list[str]:
    """The procedures in lines of text: how many, and each with its version, steps and decisions."""
    if not book.procedures:
        return ["No procedures: there is no folder sops beside the city's."]
    steps = sum(len(one.steps) for one in book.procedures.values())
    lines = ["", f"{len(book.procedures)} procedures for {len(book.by_type)} incident types, {steps} steps"]
    for one in book.procedures.values():
        branches = sum(1 for step in one.steps.values() if step.answers)
        lines.append(
            f"  {one.id} version {one.version}: {len(one.steps)} steps, {branches} of them with answers "
            f"({', '.join(one.incident_types)})"
        )
    return lines


def summary(profile: Profile) -> list[str]:
    """The city in lines of text: devices by system and district, by register and by purpose of a camera."""
    columns = profile.columns
    districts = list(profile.districts.values())
    system_of = np.array([list(profile.systems).index(one) for one in columns.kind_system])
    table = np.zeros((len(profile.systems), len(districts)), np.int64)
    np.add.at(table, (system_of[columns.kind], columns.district), 1)
    heads = [one.name.en for one in districts] + ["in all"]
    wide = max(len(one.name.en) for one in profile.systems.values())
    lines = [f"{profile.name.en} ({profile.city}): {len(profile.devices)} devices", ""]
    lines.append(" " * wide + "".join(f"{head:>15}" for head in heads))
    for system, counts in zip(profile.systems.values(), table, strict=True):
        numbers = [*counts.tolist(), int(counts.sum())]
        lines.append(f"{system.name.en:<{wide}}" + "".join(f"{number:>15}" for number in numbers))
    totals = [*table.sum(axis=0).tolist(), int(table.sum())]
    lines.append(f"{'in all':<{wide}}" + "".join(f"{number:>15}" for number in totals))
    lines.append("")
    lines += [f"{one.name.en}: {one.count}" for one in profile.registers.values()]
    cameras = profile.camera_columns
    by_purpose = np.bincount(cameras.purpose, minlength=len(cameras.purposes))
    said = [
        f"{profile.purposes[name].en} {count}"
        for name, count in zip(cameras.purposes, by_purpose.tolist(), strict=True)
        if count
    ]
    lines.append(f"Cameras by purpose: {', '.join(said)}")
    lines.append(
        f"{len(profile.points)} points ({len(profile.trend_points)} with history), "
        f"{len(profile.limits)} limits, {len(profile.controls)} controls, "
        f"{len(profile.incident_types)} incident types, {len(profile.agencies)} agencies, "
        f"{len(profile.desks)} desks"
    )
    if profile.reports is not None:
        book = profile.reports
        lines.append(
            f"Citizens can report {len(book.services)} services in {len(book.groups)} groups "
            f"({book.jurisdiction.id})"
        )
    if profile.linked is not None:
        approved = sum(bool(one.approval) for one in profile.services.values())
        lines.append(
            f"{len(profile.services)} linked services on {len(profile.linked.bases)} legal bases, "
            f"{approved} with approval"
        )
    lines.append(f"digest {profile.digest}")
    return lines


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
