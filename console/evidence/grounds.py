"""Why pictures leave the console and on what legal basis: the lists of seeds/evidence.toml."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from console.model.base import Record, Words
from console.paths import shipped


class _Reason(Record, frozen=True, kw_only=True):
    id: str
    text: Words


class _Basis(Record, frozen=True, kw_only=True):
    country: str
    text: Words


class Grounds(NamedTuple):
    """What is offered; a person may write something else."""

    reasons: tuple[Words, ...]
    legal_bases: tuple[Words, ...]


def load_grounds(country: str) -> Grounds:
    """Those of a country ("KR", "GB"). Raises OSError, msgspec.ValidationError: a broken installation."""
    tree = msgspec.toml.decode((shipped("seeds") / "evidence.toml").read_bytes())
    reasons = msgspec.convert(tree["reasons"], list[_Reason])
    bases = msgspec.convert(tree["legal_bases"], list[_Basis])
    return Grounds(
        tuple(one.text for one in reasons), tuple(one.text for one in bases if one.country == country)
    )
