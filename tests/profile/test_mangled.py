"""However a city's files are mangled: either it is a city, or every problem names file, table and key."""

from __future__ import annotations

import copy
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from console.profile import Problem, Profile, ProfileError, load_profile
from tests.profile.conftest import VILLAGE

FILES = ("cities/village.toml", "systems/cctv.toml", "systems/lamps.toml", "incident_types.toml")
TREES: dict[str, Any] = {name: msgspec.toml.decode((VILLAGE / name).read_bytes()) for name in FILES}
SHOWN = {name.removeprefix("cities/") for name in FILES}

odd_values = st.one_of(
    st.sampled_from([
        0, -1, 1, 2**31, 2**63, -(2**70), 10**400, 0.0, -0.0, 1e308, -1e308, float("inf"), float("-inf"),
        float("nan"), 1e-300, True, False, "", " ", "x", "KR", "y" * 5000, "\x00", "\x1b[31m", "{n}", "../..",
        "LAMP", "CAM-0001", [], {}, [[]], [{}], {"en": "x"}, {"en": "x", "ko": "y"}, {"en": 1, "ko": 2},
        [1, 2], [37.2, 127.0], [127.0, 37.2], [90.0, 181.0], [float("nan"), 0.0], [["a"]] * 3,
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.date(2024, 1, 1), dt.time(1),
    ]),
    st.integers(-(2**64), 2**64), st.floats(), st.text(max_size=20),
    st.lists(st.one_of(st.integers(-10, 10), st.floats(), st.text(max_size=5)), max_size=5),
    st.dictionaries(st.text(max_size=5), st.integers(-5, 5), max_size=3),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(VILLAGE, tmp_path_factory.mktemp("mangled") / "village"))


def toml(value: Any) -> str:
    """`value` as TOML, inline."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value.encode("utf-8", "replace").decode()).replace("\x7f", "\\u007f")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(one)}" for key, one in value.items()) + "}"
    return str(value)


def document(tree: dict[str, Any]) -> str:
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in tree.items())


def places(tree: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a tree."""
    found: list[tuple[Any, Any]] = []
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        found.append((tree, key))
        found += places(value)
    return found


def check(folder: Path) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        profile = load_profile(folder / "cities" / "village.toml")
    except ProfileError as error:
        problems = error.problems
    else:
        assert isinstance(profile, Profile)
        assert len(list(profile.devices.values())) == len(profile.devices)
        assert len(list(profile.points)) == len(profile.points)
        profile.limits.columns()
        return
    assert problems
    for problem in problems:
        assert problem.file in SHOWN or problem.file.startswith("systems/")
        assert problem.expected
        assert problem.found
        whole_file = problem.expected.startswith(("a TOML file", "a file", "only the keys", "a table"))
        assert problem.table or problem.key or whole_file, problem
        assert str(problem).isprintable()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_value_of_the_wrong_kind_anywhere_is_a_named_problem_or_harmless(
    folder: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(FILES))
    trees = copy.deepcopy(TREES)
    for _ in range(data.draw(st.integers(1, 3))):
        spots = places(trees[name])
        if not spots:
            break
        container, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        act = data.draw(st.sampled_from(["change", "change", "remove", "double", "add"]))
        if act == "remove":
            del container[key]
        elif act == "double" and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        elif act == "add" and isinstance(container, dict):
            container[data.draw(st.text(max_size=8))] = copy.deepcopy(data.draw(odd_values))
        else:
            container[key] = copy.deepcopy(data.draw(odd_values))
    for other in FILES:
        (folder / other).write_text(document(trees[other]), "utf-8")
    check(folder)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_bytes_lost_or_put_in_anywhere_are_a_named_problem_or_harmless(
    folder: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(FILES))
    for other in FILES:
        (folder / other).write_bytes((VILLAGE / other).read_bytes())
    whole = (VILLAGE / name).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    lost = data.draw(st.integers(0, 60))
    put_in = data.draw(
        st.one_of(st.binary(max_size=6), st.sampled_from([b'"', b"\n", b"]", b"[[", b"=", b"99"]))
    )
    (folder / name).write_bytes(whole[:start] + put_in + whole[start + lost :])
    check(folder)


def test_the_village_written_by_the_test_is_the_village(folder: Path, village: Profile) -> None:
    for name in FILES:
        (folder / name).write_text(document(TREES[name]), "utf-8")
    copied = load_profile(folder / "cities" / "village.toml")
    assert list(copied.devices.values()) == list(village.devices.values())
