"""The hand-off's texts in both languages, for facts and messages that are made where no catalogue is at
hand."""

from __future__ import annotations

from functools import cache
from typing import Any

from console.language import Catalogue, load_catalogue
from console.model.base import Words


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def both(key: str, /, **fields: Any) -> Words:
    """The text of `key` in English and Korean. Raises KeyError if unknown. Any thread."""
    return _catalogue().both(key, **fields)
