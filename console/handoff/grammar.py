"""The table of CAP 1.2's structure, read once from assets/schema/cap12.toml."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from console.model.base import Record
from console.paths import shipped


class Row(Record, frozen=True, kw_only=True):
    """One element of a group: how often it occurs (`max` 0: any number) and what it holds."""

    name: str
    min: int
    max: int
    type: str

    @property
    def field(self) -> str:
        """The name in our records: msgType is msg_type."""
        return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", self.name).lower()


class Grammar(Record, frozen=True, kw_only=True):
    namespace: str
    signature_namespace: str
    encodings: tuple[str, ...]
    max_bytes: int
    enum: dict[str, tuple[str, ...]]
    group: dict[str, tuple[Row, ...]]


@cache
def grammar() -> Grammar:
    """Raises msgspec.ValidationError when the shipped file is broken."""
    path = shipped("assets") / "schema" / "cap12.toml"
    return msgspec.toml.decode(path.read_bytes(), type=Grammar)
