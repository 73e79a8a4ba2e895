"""When an underpass is closed: a pump failed, 15 cm of water, or a feared overflow, any of them at once.

What is not known is never taken as good: with an input missing the advice is the worst that is certain, and
`unknown` says what would have to be looked at before the underpass counts as open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from console.profile.tables import Identifier, Table, Text
from console.rules.figures import NotNegative, Positive, figures, refuse

Advice: TypeAlias = Literal["open", "unknown", "watch", "prepare", "close"]
Reason: TypeAlias = Literal["pump_failed", "water", "overflow_feared"]
Input: TypeAlias = Literal["pump", "water", "overflow"]


class UnderpassFigures(Table, frozen=True, kw_only=True):
    close_at_cm: Positive
    close_source: Text
    prepare_at_cm: Positive
    watch_at_cm: Positive
    before_source: Text
    before_margin_cm: NotNegative
    before_margin_source: Text
    river_within_m: Positive
    river_source: Text
    device_kind: Identifier
    depth_quantity: Identifier
    pump_quantity: Identifier
    signal: Identifier
    overflow_signal: Identifier
    """Signals whose incident type is opened when an underpass has to be closed."""
    reopen_below_cm: NotNegative
    reopen_source: Text


def underpass_figures(path: Path | None = None) -> UnderpassFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(UnderpassFigures, "underpass", path)
    rising = [found.reopen_below_cm, found.watch_at_cm, found.prepare_at_cm, found.close_at_cm]
    if rising[0] > rising[1] or not rising[1] < rising[2] < rising[3]:
        wanted = "reopen_below_cm <= watch_at_cm < prepare_at_cm < close_at_cm"
        refuse("underpass", "", "close_at_cm", wanted, rising)
    return found


@dataclass(frozen=True, slots=True)
class UnderpassState:
    """What to do about an underpass now, why, and which inputs are missing."""

    advice: Advice
    reasons: tuple[Reason, ...]
    unknown: tuple[Input, ...]


def judge(
    figures: UnderpassFigures, *, pumps_ready: Sequence[bool | None], depth_cm: float | None,
    overflow_feared: bool | None,
) -> UnderpassState:  # fmt: skip
    """The advice for one underpass. None: not known. No pump at all is a pump that is not known.

    One failed pump of several closes: the guideline does not say that the others are enough.
    """
    reasons: list[Reason] = []
    unknown: list[Input] = []
    if any(one is False for one in pumps_ready):
        reasons.append("pump_failed")
    elif not pumps_ready or any(one is None for one in pumps_ready):
        unknown.append("pump")
    if depth_cm is None or math.isnan(depth_cm):
        unknown.append("water")
        depth_cm = 0.0
    elif depth_cm >= figures.close_at_cm:
        reasons.append("water")
    if overflow_feared:
        reasons.append("overflow_feared")
    elif overflow_feared is None:
        unknown.append("overflow")
    advice: Advice = "open"
    if reasons:
        advice = "close"
    elif depth_cm >= figures.prepare_at_cm:
        advice = "prepare"
    elif depth_cm >= figures.watch_at_cm:
        advice = "watch"
    elif unknown:
        advice = "unknown"
    return UnderpassState(advice, tuple(reasons), tuple(unknown))


def may_be_opened(
    figures: UnderpassFigures, *, pumps_ready: Sequence[bool | None], depth_cm: float | None,
    overflow_feared: bool | None, inspected: bool,
) -> bool:  # fmt: skip
    """Whether a closed underpass may be opened again: all known, all good, and a person has looked."""
    return (
        inspected
        and bool(pumps_ready)
        and all(one is True for one in pumps_ready)
        and depth_cm is not None
        and depth_cm < figures.reopen_below_cm
        and overflow_feared is False
    )
