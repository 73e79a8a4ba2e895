"""The core of the console runs where Qt is not installed: all of it imports with Qt made unimportable."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.setup.source import REPO, python_files

WINDOWS = {
    "console.desk.desk", "console.desk.desk_map", "console.desk.desk_bar", "console.desk.desk_messages",
    "console.desk.desk_scene", "console.desk.desk_byhand",
}  # fmt: skip

IMPORT_ALL = """
import importlib, sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph", "widgets"):
            raise ModuleNotFoundError(f"{name} is not here, on purpose", name=name)
sys.meta_path.insert(0, NoQt())
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as problem:
        print(f"{name}: {type(problem).__name__}: {problem}")
"""


def test_every_module_of_the_core_imports_without_qt():
    paths = [path.with_suffix("") for path in python_files("console") if path.name != "__main__.py"]
    paths = [path for path in paths if path.parts[:3] != ("console", "agency", "window")]
    names = {".".join(path.parts).removesuffix(".__init__") for path in paths} - WINDOWS
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALL, *sorted(names)],
        capture_output=True, text=True, timeout=100, cwd=REPO, env=dict(os.environ),
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert not answer.stdout, answer.stdout
