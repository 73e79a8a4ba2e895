"""Log lines of a process: one file each in the data folder, and warnings on standard error."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.paths import private_folder

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
MAX_BYTES = 5 << 20
KEPT_FILES = 3


def log_to(home: Path, name: str) -> None:
    """Send this process's log to `home/log/NAME.txt` (rotated) and its warnings to standard error."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    folder = private_folder(home / "log")
    to_file = RotatingFileHandler(
        folder / f"{name}.txt", maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    to_error = logging.StreamHandler(sys.stderr)
    to_error.setLevel(logging.WARNING)
    for handler in (to_file, to_error):
        handler.setFormatter(logging.Formatter(FORMAT))
        root.addHandler(handler)
