"""What sort of partner an agency is: which format it takes, what its card asks for, what its answers mean.

A file of `seeds/partners/` for each sort; a new partner is a new file and no change of the program.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from console.model.base import Words
from console.model.ladder import Said
from console.paths import shipped
from console.profile.problems import Problems, ProfileError
from console.profile.reading import parse, read
from console.profile.tables import CapCategory, Table

Format = Literal["cap", "eido"]
Source = Literal[
    "code", "type", "place", "type_and_place", "seen", "callers", "evidence", "trend", "contact",
    "by_category", "operator",
]  # fmt: skip
"""Where a field's text comes from. `operator`: only from the person who hands off."""

FieldId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_]{0,31}$")]
KindId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
AgencyId = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class CardField(Table, frozen=True, kw_only=True):
    """One field of the partner's card. `needed`: the draft says so where it would be empty."""

    id: FieldId
    label: Words
    source: Source = msgspec.field(name="from")
    needed: bool
    by_category: dict[CapCategory, Words] = msgspec.field(default_factory=dict)


class PartnerKind(Table, frozen=True, kw_only=True):
    """One sort of partner. `answers` are by the format's own codes; `cancel_answers` are those to a request
    to cancel where the format uses the same codes for both."""

    id: KindId
    name: Words
    agencies: tuple[AgencyId, ...]
    format: Format
    priority: Code
    fields: tuple[CardField, ...]
    answers: dict[Code, Said]
    cancel_answers: dict[Code, Said] = msgspec.field(default_factory=dict)
    reasons: dict[Code, Code] = msgspec.field(default_factory=dict)


def read_kind(path: Path) -> PartnerKind:
    """One file. Raises ProfileError with every problem found, each by file, table and key."""
    shown, problems = f"partners/{path.name}", Problems()
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.say(shown, "", "", "a file that can be read", error.strerror or type(error).__name__)
        problems.raise_any()
        raise
    tree = parse(data, shown, problems)
    kind = None if tree is None else read(PartnerKind, tree, shown, problems)
    if kind is not None:
        _check(kind, shown, problems)
    problems.raise_any()
    assert kind is not None
    return kind


def read_kinds(folder: Path) -> dict[str, PartnerKind]:
    """Agency id to its kind, of all files of a folder. Raises ProfileError for all that is wrong in any."""
    found: dict[str, PartnerKind] = {}
    problems = Problems()
    for path in sorted(folder.glob("*.toml")):
        try:
            kind = read_kind(path)
        except ProfileError as error:
            problems.found += error.problems
            continue
        for agency in kind.agencies:
            if agency in found:
                problems.say(f"partners/{path.name}", "", "agencies", f"{agency} in one file only",
                             f"it in {found[agency].id} too")  # fmt: skip
            found[agency] = kind
    problems.raise_any()
    return found


@cache
def partner_kinds() -> dict[str, PartnerKind]:
    """The shipped ones, read once."""
    return read_kinds(shipped("seeds") / "partners")


def _check(kind: PartnerKind, shown: str, problems: Problems) -> None:
    ids = [one.id for one in kind.fields]
    for one in kind.fields:
        table = f"fields {one.id}"
        if ids.count(one.id) > 1:
            problems.say(shown, table, "id", "each id once", f"{ids.count(one.id)} times")
        if (one.source == "by_category") != bool(one.by_category):
            problems.say(shown, table, "by_category", "texts if from is by_category", one.source)
        elif one.source == "by_category" and "Other" not in one.by_category:
            problems.say(shown, table, "by_category", "a text for Other, for those not named", "none")
    said = set(kind.answers.values()) | set(kind.cancel_answers.values())
    for answer in ("accepted", "refused", "closed"):
        if answer not in said:
            problems.say(shown, "answers", "", f"a code that means {answer}", "none")
