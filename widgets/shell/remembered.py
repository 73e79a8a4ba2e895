"""Where an operator left the window: sizes per desk, in an INI file under the data home."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class Remembered:
    """Read when the window is built, written when it closes; never in between, so no file is touched while
    working.
    """

    def __init__(self, home: Path, desk: str) -> None:
        folder = home / "desks"
        folder.mkdir(parents=True, exist_ok=True)
        safe = "".join(one if one.isalnum() or one in "-_" else "_" for one in desk) or "desk"
        self._settings = QSettings(str(folder / f"{safe}.ini"), QSettings.Format.IniFormat)

    def text(self, name: str, default: str = "") -> str:
        """A remembered word, the default where none or another kind of thing was written."""
        value = self._settings.value(name)
        return value if isinstance(value, str) and value else default

    def state(self, name: str) -> QByteArray | None:
        """A remembered state of a window or splitter, as Qt gave it."""
        value = self._settings.value(name)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def keep(self, name: str, value: str | QByteArray) -> None:
        """Remember."""
        self._settings.setValue(name, value)

    def write(self) -> bool:
        """Write it out now; False when the file could not be written (nothing but comfort is lost)."""
        self._settings.sync()
        return self._settings.status() == QSettings.Status.NoError
