"""A draft as text on one screen: what matters first, never wider or longer than the screen, cuts visible."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from console.handoff.draft import Draft, DraftStep, Trend, evidence_words, urgency_words
from console.handoff.texts import both
from console.handoff.thread.figures import LadderFigures

_MARKS = "▁▂▃▄▅▆▇█"
_BESIDE = 10  # columns of the names at the left
_STEP = 40  # columns of a step that is done: its beginning says which it was


class Row(NamedTuple):
    """One line of a draft under its lead. `what`: seen, callers, pictures, trend, operator, field, missing or
    procedure; `name` is empty where the line goes on with the one above. `proposed`: by rule, a person should
    look."""

    what: str
    name: str
    text: str
    proposed: bool = False


def render(draft: Draft, language: str, figures: LadderFigures) -> str:
    """The draft in one language ("en", "ko"); at most `lines` lines of at most `columns` columns.

    What does not fit is cut with "…" or counted; the message itself carries all.
    """
    limits = figures.draft
    lines = list(lead(draft, language))
    lines.append("─" * limits.columns)
    lines.append(f"{times(draft, language)}  {draft.incident_id}")
    for row in rows(draft, language, figures):
        if row.what == "field":
            lines.append(f"{row.name}{' ◇' if row.proposed else ''}: {row.text}")
        else:
            lines.append(_beside(row.name, row.text))
    if len(lines) > limits.lines:
        hidden = len(lines) - limits.lines + 1
        lines = [*lines[: limits.lines - 1], _say("ladder.draft.more", language, count=hidden)]
    return "\n".join(cut(one, limits.columns) for one in lines)


def rows(draft: Draft, language: str, figures: LadderFigures) -> tuple[Row, ...]:
    """What stands under the lead, in the order of need; what is left out of a list is counted."""
    limits = figures.draft
    found = _seen(draft, language, limits.seen) + _callers(draft, language, limits.callers)
    pictures = evidence_words(draft).in_language(language)
    found.append(Row("pictures", _say("ladder.draft.pictures", language), pictures))
    for trend in draft.trends[: limits.trends]:
        shown = _trend(trend, language, limits.trend_marks)
        found.append(Row("trend", _say("ladder.draft.trend", language), shown))
    if len(draft.trends) > limits.trends:
        more = _say("ladder.draft.more", language, count=len(draft.trends) - limits.trends)
        found[-1] = found[-1]._replace(text=f"{found[-1].text} · {more}")
    if draft.text.strip():
        found.append(Row("operator", _say("ladder.draft.operator", language), _one_line(draft.text)))
    for field in draft.fields:
        label = field.label.in_language(language)
        named = f"{field.id} {label}" if field.id.isdigit() else label
        text = _one_line(field.text.in_language(language))
        found.append(Row("field", named, text, field.proposed))
    if draft.gaps:
        missing = ", ".join(gaps(draft, language))
        found.append(Row("missing", _say("ladder.draft.missing", language), missing))
    return (*found, *_steps(draft, language))


def times(draft: Draft, language: str) -> str:
    """When it happened, when the draft was made."""
    return _say("ladder.draft.opened", language, opened=clock(draft, draft.opened_at_ns),
                made=clock(draft, draft.made_at_ns))  # fmt: skip


def lead(draft: Draft, language: str) -> tuple[str, str]:
    """What the eye takes in first: who gets it, what, how urgent; and where, with the point."""
    to = draft.agency_name.in_language(language)
    first = [draft.type_name.in_language(language), urgency_words(draft).in_language(language), f"→ {to}"]
    at = f"{draft.place.position.lat:.6f}, {draft.place.position.lon:.6f}"
    name = draft.place.name.in_language(language)
    address = draft.place.address.in_language(language) if draft.place.address is not None else ""
    where = [name, address if address != name else "", at]
    return (
        " · ".join(_one_line(one) for one in first if one),
        " · ".join(_one_line(one) for one in where if one),
    )  # fmt: skip


def reading_s(text: str, figures: LadderFigures) -> float:
    """How long silent reading takes. Coordinates are copied, not read, and do not count."""
    words = [one for one in text.split() if any(char.isalnum() for char in one)]
    read = [one for one in words if not re.fullmatch(r"-?[0-9]+\.[0-9]+,?", one)]
    return len(read) / figures.draft.words_per_s


def gaps(draft: Draft, language: str) -> tuple[str, ...]:
    """What is missing, in words."""
    labels = {one.id: one.label.in_language(language) for one in draft.fields}
    return tuple(
        labels[gap.removeprefix("field:")]
        if gap.startswith("field:")
        else _say(f"ladder.gap.{gap}", language)
        for gap in draft.gaps
    )


def step_words(step: DraftStep, language: str) -> str:
    """What a step asks, and the answer it was given."""
    text = _one_line(step.text.in_language(language))
    answer = _one_line(step.answer.in_language(language)) if step.answer is not None else ""
    return f"{text} → {answer}" if answer else text


def clock(draft: Draft, at_ns: int) -> str:
    """The city's time of day."""
    moment = datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).astimezone(ZoneInfo(draft.time_zone))
    return moment.strftime("%H:%M:%S")


def columns(text: str) -> int:
    """How wide a terminal or a fixed font shows `text`: Korean takes two columns, marks that combine none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def cut(text: str, most: int) -> str:
    """`text` within `most` columns; what is cut ends with "…"."""
    if columns(text) <= most:
        return text
    kept, room = "", most - 1
    for char in text:
        width = columns(char)
        if width > room:
            break
        kept, room = kept + char, room - width
    return kept + "…"


def _seen(draft: Draft, language: str, most: int) -> list[Row]:
    """The newest first: what holds now matters more than how it began."""
    name = _say("ladder.draft.seen", language)
    found: list[Row] = []
    for one in list(reversed(draft.seen))[:most]:
        source = f" ({one.source.in_language(language)})" if one.source is not None else ""
        said = f"{clock(draft, one.at_ns)[:5]} {_one_line(one.text.in_language(language))}{source}"
        found.append(Row("seen", name if not found else "", said))
    if not found:
        return [Row("seen", name, _say("ladder.draft.nothing_seen", language))]
    return _counted(found, len(draft.seen) - most, language)


def _steps(draft: Draft, language: str) -> list[Row]:
    """What is done on one line, the newest first, each cut so that all are seen; what is open on the next."""
    done = [one for one in reversed(draft.steps) if one.done]
    told = " · ".join(
        f"{clock(draft, one.at_ns)[:5]} {cut(step_words(one, language), _STEP)}" for one in done
    )
    found = [Row("procedure", _say("ladder.draft.done", language), told)] if done else []
    for one in draft.steps:
        if not one.done:
            said = f"{clock(draft, one.at_ns)[:5]} {step_words(one, language)}"
            found.append(Row("procedure", _say("ladder.draft.open", language), said))
    return found


def _callers(draft: Draft, language: str, most: int) -> list[Row]:
    name = _say("ladder.draft.callers", language)
    found: list[Row] = []
    for one in draft.callers[:most]:
        who = " ".join(each for each in (clock(draft, one.at_ns)[:5], one.name, one.number) if each)
        said = f": {_one_line(one.said)}" if one.said.strip() else ""
        found.append(Row("callers", name if not found else "", who + said))
    if not found:
        return [Row("callers", name, _say("ladder.draft.no_caller", language))]
    return _counted(found, len(draft.callers) - most, language)


def _counted(found: list[Row], left_out: int, language: str) -> list[Row]:
    if left_out > 0:
        more = _say("ladder.draft.more", language, count=left_out)
        found[-1] = found[-1]._replace(text=f"{found[-1].text} · {more}")
    return found


def _trend(trend: Trend, language: str, most: int) -> str:
    values = trend.values[-most:]
    known = [one for one in values if math.isfinite(one)]
    name = trend.name.in_language(language)
    if not known:
        return f"{name} ?"
    low, high = min(known), max(known)
    step = (high - low) / (len(_MARKS) - 1) or 1.0
    marks = "".join(_MARKS[round((one - low) / step)] if math.isfinite(one) else "·" for one in values)
    limit = ""
    if trend.limit is not None:
        limit = f" ({_say('ladder.draft.limit', language, limit=f'{trend.limit:g}')})"
    return f"{name} {marks} {known[0]:g} → {known[-1]:g} {trend.unit}{limit}"


def _beside(name: str, text: str) -> str:
    return name + " " * max(1, _BESIDE - columns(name)) + text


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _say(key: str, language: str, **fields: object) -> str:
    return both(key, **fields).in_language(language)
