"""How the state follows: walls, modes, masks."""

from __future__ import annotations

from console.model import events as ev
from console.model.citystate import CityState, lift_key
from console.model.folds.base import Folds


def _layout_saved(state: CityState, entry: ev.Entry, event: ev.LayoutSaved) -> None:
    state.layouts[event.layout.id] = event.layout


def _layout_deleted(state: CityState, entry: ev.Entry, event: ev.LayoutDeleted) -> None:
    state.layouts.pop(event.layout_id, None)


def _mode_changed(state: CityState, entry: ev.Entry, event: ev.CityModeChanged) -> None:
    state.mode = event.mode


def _masks_set(state: CityState, entry: ev.Entry, event: ev.MasksSet) -> None:
    if event.zones:
        state.masks[event.camera_id] = event.zones
    else:
        state.masks.pop(event.camera_id, None)


def _masks_lifted(state: CityState, entry: ev.Entry, event: ev.MasksLifted) -> None:
    over = [key for key, until_ns in state.lifted_masks.items() if until_ns <= entry.at_ns]
    for key in over:
        del state.lifted_masks[key]
    key = lift_key(event.desk, event.camera_id)
    if event.until_ns > entry.at_ns:
        state.lifted_masks[key] = event.until_ns
    else:
        state.lifted_masks.pop(key, None)


FOLDS: Folds = {
    ev.LayoutSaved: _layout_saved,
    ev.LayoutDeleted: _layout_deleted,
    ev.CityModeChanged: _mode_changed,
    ev.MasksSet: _masks_set,
    ev.MasksLifted: _masks_lifted,
}
