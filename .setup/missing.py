"""Print the packages of a list that this machine lacks: one ``package purpose`` a line.

Looks for the thing itself (does the library load, is the program on PATH, does GStreamer know the element)
and never asks the package system, so that hand-built and non-Debian systems are judged by what they have.
Runs before anything is installed: standard library only.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

# GStreamer's bindings belong to the system's own Python, whichever Python runs this file.
SYSTEM_PYTHON = "/usr/bin/python3"
ASK_GI = """
import sys
for asked in sys.argv[1:]:
    kind, _, name = asked.partition(":")
    try:
        import gi
        if kind == "gi":
            gi.require_version(*name.rsplit("-", 1))
        else:
            gi.require_version("Gst", "1.0")
            from gi.repository import Gst
            Gst.init(None)
            if Gst.ElementFactory.find(name) is None:
                raise ValueError(name)
    except Exception:
        print(asked)
"""


def library_loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def absent_gi(asked: list[str]) -> set[str]:
    """Those of ``gi:Namespace-version`` and ``gst:element`` that the system's Python does not find."""
    if not asked:
        return set()
    if not os.access(SYSTEM_PYTHON, os.X_OK):
        return set(asked)
    try:
        answer = subprocess.run(
            [SYSTEM_PYTHON, "-c", ASK_GI, *asked], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return set(asked)
    return set(answer.stdout.split())


def rows(path: str) -> list[tuple[str, str, str]]:
    """The list's rows; a row without three words is a fault of the list and says where."""
    found = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            if len(words) != 3 or words[1].partition(":")[0] not in ("lib", "cmd", "gi", "gst"):
                sys.exit(f"{path}:{number}: expected 'package kind:name purpose', found {line.strip()!r}")
            found.append((words[0], words[1], words[2]))
    return found


def main(paths: list[str]) -> None:
    listed = [row for path in paths for row in rows(path)]
    absent = absent_gi([check for _, check, _ in listed if check.startswith(("gi:", "gst:"))])
    for package, check, purpose in listed:
        kind, _, name = check.partition(":")
        if kind == "lib":
            there = library_loads(name)
        elif kind == "cmd":
            there = shutil.which(name) is not None
        else:
            there = check not in absent
        if not there:
            print(package, purpose)


if __name__ == "__main__":
    main(sys.argv[1:])
