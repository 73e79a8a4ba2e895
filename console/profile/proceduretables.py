"""The tables of a procedure's file, seeds/sops/NAME.toml: each class is a table, each field a key.

docs/ref/profile.md describes every key; a test holds the two together.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from console.model.base import Words
from console.model.procedure import Act, Comment, FactName, StepKind
from console.profile.tables import AgencyKind, Country, Identifier, Metres, Table, Text

Waiting = Annotated[float, msgspec.Meta(ge=0.0, le=604_800.0)]
"""Seconds, a week at most; 0 is never."""


class FactTable(Table, frozen=True, kw_only=True):
    fact: FactName
    agency: AgencyKind | Literal[""] = ""
    control: str = ""
    value: str = ""


class ActTable(Table, frozen=True, kw_only=True):
    act: Act
    agency: AgencyKind | Literal[""] = ""
    control: str = ""
    value: str = ""
    within_m: Metres = 0.0
    who: Words | None = None
    number: Annotated[str, msgspec.Meta(max_length=40)] = ""
    optional: bool = False


class AnswerTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    next: str = ""
    comment: bool = False
    by: tuple[FactTable, ...] = ()
    after_s: Waiting = 0.0


class StepTable(Table, frozen=True, kw_only=True):
    id: Identifier
    kind: StepKind
    text: Words
    why: Words | None = None
    next: str = ""
    beside: bool = False
    comment: Comment = "may"
    may_skip: bool = True
    due_s: Waiting = 0.0
    escalate_s: Waiting = 0.0
    acts: tuple[ActTable, ...] = ()
    done_by: tuple[FactTable, ...] = ()
    all_facts: bool = False
    answers: tuple[AnswerTable, ...] = ()
    work: str = ""
    countries: tuple[Country, ...] = ()


class ProcedureTable(Table, frozen=True, kw_only=True):
    id: Identifier
    version: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    name: Words
    incident_types: tuple[Identifier, ...]
    source: Text
    countries: tuple[Country, ...] = ()


class ProcedureFile(Table, frozen=True, kw_only=True):
    procedure: ProcedureTable
    steps: tuple[StepTable, ...]
