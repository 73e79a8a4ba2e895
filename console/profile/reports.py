"""What citizens of a city can report and where it goes: seeds/open311/NAME.toml, read and checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from console.model.base import Record, Words
from console.profile.problems import Problems
from console.profile.tables import Identifier, Metres, Seconds, Table, Text

Hours = Annotated[float, msgspec.Meta(ge=0.0, le=8760.0)]
Days = Annotated[float, msgspec.Meta(gt=0.0, le=3650.0)]
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
"""GeoReport v2, service definition."""
AnswerStage = Literal["acknowledged", "in_progress", "rejected", "closed"]


class Choice(Table, frozen=True, kw_only=True):
    """One value of a list attribute."""

    key: Identifier
    name: Words


class ReportAttribute(Table, frozen=True, kw_only=True):
    """A question a service asks; `values` for the two list types only. `answered` False: only shown."""

    code: Identifier
    datatype: Datatype
    required: bool
    text: Words
    hint: Words
    answered: bool = True
    values: tuple[Choice, ...] = ()


class ReportService(Table, frozen=True, kw_only=True):
    """One kind of report. It belongs to an open incident of `incident_types` within `radius_m` that changed
    within `window_s`; `expected_h` 0: no time is promised.
    """

    code: Identifier
    group: Identifier
    name: Words
    description: Words
    keywords: Words
    owner: Identifier
    incident_types: tuple[Identifier, ...] = ()
    radius_m: Metres = 0.0
    window_s: Seconds = 0.0
    expected_h: Hours = 0.0
    notice: Words | None = None
    attributes: tuple[ReportAttribute, ...] = ()


class Jurisdiction(Table, frozen=True, kw_only=True):
    id: Identifier
    contact: Words
    notice: Words


class Duplicates(Table, frozen=True, kw_only=True):
    """When a report repeats an earlier one of the same citizen."""

    radius_m: Metres
    window_s: Seconds
    source: Text


class Privacy(Table, frozen=True, kw_only=True):
    """How long contact data is kept: after the answer, and at most."""

    contact_days: Days
    contact_most_days: Days
    source: Text


class ServiceGroup(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words


class ReadyAnswer(Table, frozen=True, kw_only=True):
    """Words an operator often answers with."""

    stage: AnswerStage
    text: Words


class ReportsFile(Table, frozen=True, kw_only=True):
    """The file as it is written."""

    jurisdiction: Jurisdiction
    duplicates: Duplicates
    privacy: Privacy
    groups: tuple[ServiceGroup, ...]
    services: tuple[ReportService, ...]
    answers: tuple[ReadyAnswer, ...] = ()


class ReportBook(Record, frozen=True, kw_only=True):
    """The reports a city takes. Immutable; any thread."""

    jurisdiction: Jurisdiction
    duplicates: Duplicates
    privacy: Privacy
    groups: dict[str, Words]
    services: dict[str, ReportService]
    """By service code, in the order of the file."""
    answers: tuple[ReadyAnswer, ...]


def book_of(file: ReportsFile) -> ReportBook:
    """The checked file as a book."""
    return ReportBook(
        jurisdiction=file.jurisdiction, duplicates=file.duplicates, privacy=file.privacy,
        groups={one.id: one.name for one in file.groups},
        services={one.code: one for one in file.services}, answers=file.answers,
    )  # fmt: skip


def check_reports(
    told: ReportsFile, shown: str, owners: Iterable[str], types: Iterable[str], problems: Problems
) -> None:
    """What the file promises itself and the city: groups, owners and incident types that exist, nothing
    twice, lists with values.
    """
    owners, types = frozenset(owners), frozenset(types)
    groups = [one.id for one in told.groups]
    _once(groups, shown, "groups", "id", problems)
    _once([one.code for one in told.services], shown, "services", "code", problems)
    if not told.services:
        problems.say(shown, "services", "", "at least one", "none")
    if told.privacy.contact_most_days < told.privacy.contact_days:
        problems.add(
            shown, "privacy", "contact_most_days", f"at least contact_days ({told.privacy.contact_days:g})",
            told.privacy.contact_most_days,
        )  # fmt: skip
    for number, service in enumerate(told.services):
        table = f"services[{number}] ({service.code})"
        if service.group not in groups:
            problems.add(shown, table, "group", f"one of {', '.join(groups)}", service.group)
        if service.owner not in owners:
            problems.add(shown, table, "owner", "a key of the city's [owners]", service.owner)
        for one in service.incident_types:
            if one not in types:
                problems.add(shown, table, "incident_types", "incident types", one)
        if service.incident_types and not (service.radius_m and service.window_s):
            problems.say(shown, table, "radius_m, window_s", "both above 0, as incident_types are named", "0")
        _once([one.code for one in service.attributes], shown, table, "attributes.code", problems)
        for row, attribute in enumerate(service.attributes):
            where = f"{table}.attributes[{row}] ({attribute.code})"
            _check_attribute(attribute, shown, where, problems)


def _check_attribute(told: ReportAttribute, shown: str, where: str, problems: Problems) -> None:
    _once([one.key for one in told.values], shown, where, "values.key", problems)
    if told.datatype.endswith("list") != bool(told.values):
        wanted = "at least one" if told.datatype.endswith("list") else "nothing, as it is no list"
        problems.add(shown, where, "values", wanted, [one.key for one in told.values])
    if told.required and not told.answered:
        problems.say(shown, where, "required", "false where nothing is answered", "true")


def _once(ids: Iterable[str], shown: str, table: str, key: str, problems: Problems) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            problems.add(shown, table, key, "each only once", one)
        seen.add(one)
