"""Reads a wall as a screen reader does: over the accessibility bus, from a process of its own. Prints JSON.

For the system's python3 with python3-gi; knows nothing of the console.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from gi.repository import Gio, GLib  # type: ignore[import-not-found]

PART = "org.a11y.atspi.Accessible"
PATIENCE_S = 30


class Bus:
    """The accessibility bus of this session."""

    def __init__(self) -> None:
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None
        ).unpack()[0]
        flags = Gio.DBusConnectionFlags
        self._bus = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None
        )

    def ask(self, part: tuple[str, str], what: str, given: Any = None, of: str = PART) -> Any:
        return self._bus.call_sync(*part, of, what, given, None, 0, 5000, None).unpack()

    def told(self, part: tuple[str, str], name: str) -> Any:
        of = "org.freedesktop.DBus.Properties"
        return self.ask(part, "Get", GLib.Variant("(ss)", (PART, name)), of)[0]

    def children(self, part: tuple[str, str]) -> list[tuple[str, str]]:
        return [tuple(child) for child in self.ask(part, "GetChildren")[0]]  # type: ignore[misc]

    def find(self, part: tuple[str, str], title: str) -> tuple[str, str] | None:
        if title in self.told(part, "Name") and self.ask(part, "GetRoleName")[0] == "list":
            return part
        for child in self.children(part):
            found = self.find(child, title)
            if found is not None:
                return found
        return None


def main(title: str) -> None:
    bus = Bus()
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            found = bus.find(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"), title)
        except GLib.Error:
            found = None  # it is just being built
        if found is not None:
            break
        turn = GLib.MainLoop()
        GLib.timeout_add(100, turn.quit)
        turn.run()
    else:
        sys.exit("the wall is not on the accessibility bus")
    panes = []
    for pane in bus.children(found):
        component = "org.a11y.atspi.Component"
        box = bus.ask(pane, "GetExtents", GLib.Variant("(u)", (0,)), component)[0]
        panes.append({
            "role": bus.ask(pane, "GetRoleName")[0], "name": bus.told(pane, "Name"),
            "description": bus.told(pane, "Description"), "box": box,
        })  # fmt: skip
    print(json.dumps({"name": bus.told(found, "Name"), "panes": panes}))


if __name__ == "__main__":
    main(sys.argv[1])
