"""What the banner and the status bar are told in. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["up", "degraded", "down", "unknown"]
"""Named as the conditions of devices, whose shapes they share."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the banner says: what happened, what is affected, what to do. Priority 1 is drawn in red."""

    id: str
    priority: int
    happened: str
    affected: str
    act: str
