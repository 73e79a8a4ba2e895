"""The lock file: what is installed is what was chosen, from wherever it is fetched."""

from __future__ import annotations

import re
import sys
import tomllib

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.setup.source import REPO, imports, python_files

LOCK = (REPO / ".setup/requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]

#: Distributions whose import name is another.
IMPORTED_AS = {
    "PySide6-Essentials": "PySide6",
    "opencv-python-headless": "cv2",
    "pyzmq": "zmq",
    "sqlite-utils": "sqlite_utils",
    "paho-mqtt": "paho",
}


def blocks() -> list[str]:
    """The lock's entries, each with its continuation lines."""
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]
    return [block for block in re.split(r"\n(?=\S)", "\n".join(lines)) if block.strip()]


def locked(python: str) -> dict[str, str]:
    """Name to version of what the lock installs on one Python."""
    environment = {**default_environment(), "python_version": python, "python_full_version": f"{python}.5"}
    found = {}
    for block in blocks():
        requirement = Requirement(block.split(" \\")[0].strip())
        if requirement.marker is None or requirement.marker.evaluate(environment):
            found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def test_every_package_is_pinned_to_one_version_with_a_sha256():
    assert len(blocks()) > 40
    for block in blocks():
        assert re.match(r"[a-zA-Z0-9._-]+(\[[^]]+\])?==[^\s;*]+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


def test_the_lock_names_no_address_so_that_any_mirror_can_serve_it():
    option_or_address = re.compile(r"://|^\s*--?(index|extra|find|trusted|f\b|i\b)|^\s*#.*\.(org|com|net|io)\b")
    assert not [line for line in LOCK.splitlines() if option_or_address.search(line)]


def test_everything_the_project_asks_for_is_locked_within_its_range_on_every_python():
    for python in ("3.11", "3.12", "3.13"):
        versions = locked(python)
        for wanted in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]:
            requirement = Requirement(wanted)
            name = canonicalize_name(requirement.name)
            assert name in versions, f"{name} is not locked for Python {python}: make lock"
            fits = requirement.specifier.contains(versions[name])
            assert fits, f"{wanted} is wanted, {versions[name]} is locked: make lock"


def test_what_is_depended_on_is_used_and_what_is_used_is_depended_on():
    used = {name.split(".")[0] for path in python_files("console", "widgets") for _, name in imports(path)}
    used -= {*sys.stdlib_module_names, "console", "widgets", "__future__"}
    names = [Requirement(each).name for each in PROJECT["dependencies"]]
    named = {IMPORTED_AS.get(name, name) for name in names}
    named_or_brought = {*named, "shiboken6"}  # PySide6 is nothing without it
    assert used - named_or_brought == set(), "imported, but not among the dependencies"
    # The studio of the recorded feeds is ours too; what only it needs besides (a renderer, a compiler) is not
    # asked of everybody who runs the console.
    studio = {name.split(".")[0] for path in python_files("assets") for _, name in imports(path)}
    assert named - used - studio == set(), "depended on, but imported nowhere"


def test_the_changelog_names_the_version_that_is_built():
    changelog = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{PROJECT['version']}]" in changelog
