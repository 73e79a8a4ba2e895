"""Who may do what: the role of a desk, as the profile gives it."""

from __future__ import annotations

from console.rules.city import City, Phrase
from console.rules.draft import Refusal

SUPERVISOR = "supervisor"


def is_supervisor(city: City, desk: str) -> bool:
    """Whether this desk is a supervisor's. A desk the profile does not know has no right."""
    info = city.desks.get(desk)
    return info is not None and info.role == SUPERVISOR


def refusal(phrase: Phrase, code: str, **fields: str) -> Refusal:
    """A refusal with its words, `refused.CODE` of the rules' texts."""
    return Refusal(code, phrase(f"refused.{code}", **fields))
