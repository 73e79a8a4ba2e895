"""Monitors of a virtual X server that come and go: RandR 1.5 monitors, set through libXrandr itself."""

from __future__ import annotations

import ctypes
import ctypes.util
from types import TracebackType

LIBRARIES = ("X11", "Xrandr")


def can_set_monitors() -> bool:
    """Whether this machine has the libraries."""
    return all(ctypes.util.find_library(name) for name in LIBRARIES)


class _Info(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_ulong), ("primary", ctypes.c_int), ("automatic", ctypes.c_int),
        ("noutput", ctypes.c_int), ("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int),
        ("height", ctypes.c_int), ("mwidth", ctypes.c_int), ("mheight", ctypes.c_int),
        ("outputs", ctypes.POINTER(ctypes.c_ulong)),
    )  # fmt: skip


class Monitors:
    """Plugs monitors into a display and pulls them out. Raises OSError where the display is not there."""

    def __init__(self, display: str) -> None:
        self._x, self._randr = (ctypes.CDLL(ctypes.util.find_library(name)) for name in LIBRARIES)
        pointer, number = ctypes.c_void_p, ctypes.c_ulong
        self._x.XOpenDisplay.restype, self._x.XOpenDisplay.argtypes = pointer, [ctypes.c_char_p]
        self._x.XDefaultRootWindow.restype, self._x.XDefaultRootWindow.argtypes = number, [pointer]
        self._x.XInternAtom.restype = number
        self._x.XInternAtom.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int]
        self._x.XSync.argtypes, self._x.XCloseDisplay.argtypes = [pointer, ctypes.c_int], [pointer]
        self._randr.XRRSetMonitor.argtypes = [pointer, number, ctypes.POINTER(_Info)]
        self._randr.XRRDeleteMonitor.argtypes = [pointer, number, number]
        self._display = self._x.XOpenDisplay(display.encode())
        if not self._display:
            raise OSError(f"no display {display}")
        self._root = self._x.XDefaultRootWindow(self._display)

    def plug_in(self, name: str, x: int, width: int, height: int) -> None:
        info = _Info()
        info.name, info.primary = self._atom(name), int(x == 0)
        info.x, info.width, info.height, info.mwidth, info.mheight = x, width, height, width // 4, height // 4
        info.outputs = (ctypes.c_ulong * 1)()
        self._randr.XRRSetMonitor(self._display, self._root, ctypes.byref(info))
        self._x.XSync(self._display, 0)

    def pull_out(self, name: str) -> None:
        self._randr.XRRDeleteMonitor(self._display, self._root, self._atom(name))
        self._x.XSync(self._display, 0)

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))

    def __enter__(self) -> Monitors:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._x.XCloseDisplay(self._display)
