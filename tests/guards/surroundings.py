"""Every test sees the same machine: its own data folder, one locale, one time zone, no screen."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before Qt is imported by anyone: the platform and the logging rules are read once.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# Names each undecorated callable that is connected across threads.
os.environ["QT_LOGGING_RULES"] = "qt.pyside.libpyside.warning=true"
os.environ["QT_SCALE_FACTOR"] = "1"
for _name in ("LANGUAGE", "LC_ALL", "LC_TIME", "LC_NUMERIC", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME",
              "QT_PLUGIN_PATH", "BONGSU_HOME"):  # fmt: skip
    os.environ.pop(_name, None)
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"
os.environ["TZ"] = "UTC"
time.tzset()

# No deadline: how long an example takes says nothing about what is true, and this machine may be busy.
settings.register_profile("bongsu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bongsu")


@pytest.fixture(autouse=True)
def bongsu_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own data folder, which ``console.paths.home()`` answers; not made yet."""
    home = tmp_path / "home"
    monkeypatch.setenv("BONGSU_HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg-data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg-config"))
    return home


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under xdist the tests with real processes stay on one worker: two of them at once starve each other."""
    for item in items:
        if any(item.get_closest_marker(name) for name in ("journey", "needs_display", "needs_rtsp")):
            item.add_marker(pytest.mark.xdist_group("journeys"))
