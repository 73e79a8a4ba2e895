"""The Qt binding this program runs on, and the one release it must never run on."""

from __future__ import annotations

import re
import sys
import tomllib

import PySide6
from PySide6.QtCore import QObject, Signal

from tests.setup.source import REPO


class Bell(QObject):
    rang = Signal()


def test_emitting_a_signal_does_not_lose_a_reference_to_true():
    """PySide6 6.12.0 on CPython 3.11 lost one per emit() and aborted the process after a few hundred."""
    bell = Bell()
    before = sys.getrefcount(True)
    for _ in range(100):
        bell.rang.emit()
    assert abs(sys.getrefcount(True) - before) < 50


def test_the_release_that_loses_references_is_excluded_and_the_reason_stands_beside_it():
    source = (REPO / "pyproject.toml").read_text(encoding="utf-8")
    wanted = [each for each in tomllib.loads(source)["project"]["dependencies"] if each.startswith("PySide6")]
    assert wanted
    assert all("!=6.12.0" in each for each in wanted)
    reason = source[: source.index('"PySide6')].rsplit("[", 1)[1]
    assert "6.12.0" in reason
    assert "True" in reason


def test_neither_the_lock_nor_this_environment_has_that_release():
    lock = (REPO / ".setup/requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^pyside6-essentials==(?!6\.12\.0\b)", lock, re.MULTILINE)
    assert PySide6.__version__ != "6.12.0"
