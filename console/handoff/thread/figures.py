"""`seeds/rules/ladder.toml`: when a person is told, what a call's record holds, limits of a thread."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from console.paths import shipped
from console.profile.problems import Problems
from console.profile.reading import parse, read
from console.profile.tables import Table

FILE = "rules/ladder.toml"
Positive = Annotated[float, msgspec.Meta(gt=0.0, le=1e9)]
NotNegative = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]
Most = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Waits(Table, frozen=True, kw_only=True):
    """Seconds from when a wait begins."""

    receipt_amber_s: Positive
    answer_red_s: Positive
    phone_s: Positive
    unit_amber_s: Positive
    scene_amber_s: Positive
    draft_amber_s: Positive
    draft_expires_s: Positive


class Silence(Table, frozen=True, kw_only=True):
    longest_s: Positive
    look_s: Positive


class ThreadLimits(Table, frozen=True, kw_only=True):
    statements_most: Most
    updates_most: Most
    calls_most: Most
    text_chars: Most
    read_back_within_m: Positive


class Phone(Table, frozen=True, kw_only=True):
    channels: tuple[Name, ...]
    outcomes: tuple[Name, ...]
    name_chars: Most
    number_chars: Most


class DraftLimits(Table, frozen=True, kw_only=True):
    """What the draft may hold to be read in `read_s`."""

    read_s: Positive
    columns: Most
    lines: Most
    lead_chars: Most
    callers: Most
    seen: Most
    clip_s: Positive
    trends: Most
    trend_marks: Most
    words_per_s: Positive


class PictureFigures(Table, frozen=True, kw_only=True):
    """Pictures a partner fetches: how soon the same piece again is the same provision."""

    again_s: NotNegative


class SignatureFigures(Table, frozen=True, kw_only=True):
    window_s: Positive
    skew_s: NotNegative
    keep_s: NotNegative
    nonce_bytes: Annotated[int, msgspec.Meta(ge=8, le=64)]
    seen_most: Most


class JsonLimits(Table, frozen=True, kw_only=True):
    max_bytes: Most
    depth: Annotated[int, msgspec.Meta(ge=1, le=100)]
    text_chars: Most
    items: Most
    values: Most


class LadderFigures(Table, frozen=True, kw_only=True):
    waits: Waits
    silence: Silence
    thread: ThreadLimits
    phone: Phone
    draft: DraftLimits
    pictures: PictureFigures
    signature: SignatureFigures
    json: JsonLimits


def read_ladder(path: Path | None = None) -> LadderFigures:
    """The figures of the shipped file, or of another of that form. Raises ProfileError with every problem."""
    problems = Problems()
    data = (path or shipped("seeds") / FILE).read_bytes()
    tree = parse(data, FILE, problems)
    found = None if tree is None else read(LadderFigures, tree, FILE, problems)
    problems.raise_any()
    assert found is not None
    waits = found.waits
    if not waits.receipt_amber_s < waits.answer_red_s < waits.phone_s:
        problems.add(FILE, "[waits]", "answer_red_s", "more than receipt_amber_s, less than phone_s",
                     waits.answer_red_s)  # fmt: skip
    for key, value in (("phone_s", waits.phone_s), ("draft_amber_s", waits.draft_amber_s)):
        if value > found.silence.longest_s:
            problems.add(FILE, "[waits]", key, "at most [silence] longest_s", value)
    if "no_answer" not in found.phone.outcomes or "accepted" not in found.phone.outcomes:
        problems.add(FILE, "[phone]", "outcomes", "at least accepted and no_answer", found.phone.outcomes)
    problems.raise_any()
    return found


@cache
def ladder() -> LadderFigures:
    """The shipped figures, read once."""
    return read_ladder()
