"""A limit that changed, as the rules find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crossing:
    """A limit that became active (`raised`) or normal, by which value and when it was taken.

    Of a limit on whole hours: the hour's value, and the hour's end.
    """

    limit_index: int
    raised: bool
    value: float
    taken_at_ns: int
