"""The shape of a fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from console.model import events as ev
from console.model.citystate import CityState

Folds: TypeAlias = dict[type[ev.Event], Callable[[CityState, ev.Entry, Any], None]]
"""What each kind of event changes. A fold never fails on a committed fact."""
