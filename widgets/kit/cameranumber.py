"""The number operators call a camera by."""

from __future__ import annotations

import re

MOST_DIGITS = 6
_NUMBER = re.compile(r"\d+")


def camera_number(camera_id: str) -> int:
    """The last run of digits of an id, so CCTV-0123 is 123; 0 for an id without one."""
    found = _NUMBER.findall(camera_id)
    return int(found[-1][-MOST_DIGITS:]) if found else 0
