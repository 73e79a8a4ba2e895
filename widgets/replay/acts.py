"""What can be done on the replay page, by id and key, while something of it has the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.kit.actions import Actions

if TYPE_CHECKING:
    from widgets.replay.page import ReplayPage


def add_acts(page: ReplayPage, actions: Actions) -> None:
    """Put them into the book. Raises what `Actions.add` raises."""
    clock, hand, stretch = page.playback, page.hand, page.stretch
    for name, key, handler, repeat in (
        ("play", "Space", hand.toggle, False), ("step_back", ",", hand.step_back, True),
        ("step_forward", ".", hand.step_forward, True), ("back_10", "J", hand.back_10, True),
        ("forward_10", "L", hand.forward_10, True), ("slower", "Shift+J", clock.slower, False),
        ("faster", "Shift+L", clock.faster, False), ("live", "Ctrl+End", hand.to_live_edge, False),
        ("time", "T", page.ask_time, False),
        ("previous_event", "Ctrl+Left", hand.previous_event, True),
        ("next_event", "Ctrl+Right", hand.next_event, True),
        ("previous_gap", "Alt+Left", hand.previous_gap, True), ("next_gap", "Alt+Right", hand.next_gap, True),
        ("begin", "Ctrl+[", stretch.begin_here, False), ("end", "Ctrl+]", stretch.end_here, False),
        ("loop", "Ctrl+R", stretch.toggle_loop, False), ("lock", "Ctrl+K", stretch.ask_lock, False),
        ("unlock", "Ctrl+Shift+K", stretch.ask_unlock, False),
        ("export", "Ctrl+E", stretch.ask_export, False),
        ("closer", "Ctrl+Up", page.timeline.zoom_in, True),
        ("farther", "Ctrl+Down", page.timeline.zoom_out, True),
        ("remove", "Delete", page.remove_camera, False), ("clear", "Shift+Delete", page.clear, False),
    ):  # fmt: skip
        actions.add(
            f"timeline.{name}", f"replay.do.{name}", key, handler, owner=page, group="replay.group",
            only_focused=True, repeat=repeat, checkable=name == "loop",
        )  # fmt: skip
