"""JSON pointers (RFC 6901): where in a document a value stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

ABSENT: Any = object()
"""Nothing stands there; unlike null, which does."""
_FORM = re.compile(r"(/([^~/]|~[01])*)*")
_ROW = re.compile(r"0|[1-9][0-9]{0,8}")


def parse_pointer(text: str) -> tuple[str, ...] | None:
    """The steps of a pointer ("" is the whole document), None when it is not one."""
    if not _FORM.fullmatch(text):
        return None
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])


def look_up(document: Any, steps: Sequence[str]) -> Any:
    """What stands there, or ABSENT."""
    for step in steps:
        if isinstance(document, dict):
            document = document.get(step, ABSENT)
        elif isinstance(document, list) and _ROW.fullmatch(step) and int(step) < len(document):
            document = document[int(step)]
        else:
            return ABSENT
        if document is ABSENT:
            return ABSENT
    return document
