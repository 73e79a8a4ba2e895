"""A pane says which partners look at its camera now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from console.language import load_catalogue
from console.model.state import CityState
from console.profile import load_profile
from widgets.wall.captions import Captions
from widgets.wall.outside import OutsideViews
from widgets.wall.pane import Pane


def test_who_looks_is_told_on_the_pane_by_the_agencys_short_name_until_the_view_ends():
    state: Any = CityState()
    board: Any = SimpleNamespace(state=state, profile=load_profile("suwon"))
    views = OutsideViews(board)
    assert views.read() == set() and views.of("CAM-1") == ()
    state.shares["S"] = SimpleNamespace(agency="KR-112")
    state.viewing["v"] = SimpleNamespace(camera_id="CAM-1", share_id="S", recipient="Police")
    state.viewing["w"] = SimpleNamespace(camera_id="CAM-1", share_id="gone", recipient="Fire")
    assert views.read() == {"CAM-1"} and views.of("CAM-1") == ("KR-112", "Fire")
    assert views.read() == set()
    pane = Pane("wall", "CAM-1")
    pane.outside = views.of("CAM-1")
    captions = Captions(load_catalogue("en"), board)
    assert captions.over(pane).tags == ("Seen from outside: 112, Fire",)
    del state.viewing["v"], state.viewing["w"]
    assert views.read() == {"CAM-1"} and views.of("CAM-1") == ()
