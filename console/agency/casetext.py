"""A case as one readable text with headings: the packet, its card, and all that was said since. No Qt."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from html import escape

from console.agency.facts import CaseFacts, Readings, without_addresses
from console.clock import SECOND_NS
from console.language import Catalogue


def facts_of(case: CaseFacts, catalogue: Catalogue) -> list[str]:
    """The lines above the text: what it is, how urgent, where, from whom, what we did."""
    say, told, letter = catalogue.say, case.told(catalogue.language), case.letter
    key = "agency.detail.grade" if letter.grade else "agency.detail.priority"
    at = letter.position
    point = f"{at.lat:.6f}, {at.lon:.6f}"
    where = told.place if point in told.place else f"{told.place} · {point}"
    where += f" · {letter.radius_m:.0f} m"
    lines = [
        f"{case.number} · {letter.clock} · {say(f'agency.stage.{case.stage}')} · "
        + say(key, priority=letter.priority, grade=letter.grade),
        f"{say('agency.detail.place')}: {where}",
        f"{say('agency.detail.from')}: {told.contact or told.from_whom}",
    ]
    if case.unit:
        lines.append(f"{say('agency.detail.unit')}: {case.unit}")
    if case.reason:
        lines.append(f"{say('agency.detail.reason')}: {say(f'handoff.reason.{case.reason}')}")
    if case.passed_to:
        lines.append(f"{say('agency.detail.passed_to')}: {case.passed_to}")
    return lines


def html_of(case: CaseFacts, catalogue: Catalogue) -> str:
    """Everything else, as the small HTML a text view shows. All of it is escaped: strangers wrote it."""
    say, told = catalogue.say, case.told(catalogue.language)
    parts = [*_talk(case, catalogue)]
    if told.description:
        parts += [_head(say("agency.detail.description")), _lines(told.description.splitlines())]
    if told.fields:
        parts += [_head(say("agency.detail.card")), _pairs(told.fields)]
    if told.callers:
        parts += [_head(say("agency.detail.callers")), _lines(told.callers)]
    parts += _attached(case, catalogue)
    if told.readings:
        rows = [(one.name, _row(one)) for one in told.readings]
        parts += [_head(say("agency.detail.readings")), _pairs(rows)]
    if told.steps:
        steps = [(say(f"agency.detail.step_{'done' if done else 'open'}"), text) for done, text in told.steps]
        parts += [_head(say("agency.detail.procedure")), _pairs(steps)]
    if told.cameras:
        parts += [_head(say("agency.detail.cameras")), _lines(told.cameras)]
    return "".join(parts)


def _talk(case: CaseFacts, catalogue: Catalogue) -> list[str]:
    """What was said since the packet came; the newest first, because that is what a person looks for."""
    if not case.talk:
        return []
    rows = []
    for one in reversed(case.talk):
        who = catalogue.say("agency.talk.us" if one.ours else "agency.talk.city")
        what = catalogue.say(f"agency.talk.{one.what}")
        told = without_addresses(one.words)
        words = f": {told}" if told else ""
        heard = ""
        if one.ours and one.heard != "taken":
            heard = f" · {catalogue.say(f'agency.heard.{one.heard}')}"
        rows.append((_clock(one.at_ns, case.letter.offset_min), f"{who} {what}{words}{heard}"))
    return [_head(catalogue.say("agency.detail.talk")), _pairs(rows)]


def _attached(case: CaseFacts, catalogue: Catalogue) -> list[str]:
    attached = case.attached(catalogue.language)
    if not attached:
        return []
    say = catalogue.say
    rows = []
    for one in attached:
        kind = say("agency.detail.clip" if one.is_clip else "agency.detail.still")
        size = f"{one.size / 1000:,.0f} kB" if one.size >= 1000 else ""
        digest = f"SHA-256 {one.sha256[:12]}…" if one.sha256 else say("agency.detail.no_digest")
        rows.append((kind, " · ".join(part for part in (one.description, size, digest) if part)))
    return [_head(say("agency.detail.evidence")), _pairs(rows)]


def _row(readings: Readings) -> str:
    values = " ".join("–" if math.isnan(one) else f"{one:g}" for one in readings.values[-24:])
    return f"{values} {readings.unit}".strip()


def _head(text: str) -> str:
    return f'<p style="margin:8px 0 2px 0"><b>{escape(text)}</b></p>'


def _lines(lines: tuple[str, ...] | list[str]) -> str:
    return f'<p style="margin:0">{"<br>".join(escape(one) for one in lines)}</p>'


def _pairs(pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    rows = "".join(
        f'<tr><td style="padding-right:10px">{escape(name)}</td><td>{escape(text)}</td></tr>'
        for name, text in pairs
    )
    return f"<table>{rows}</table>"


def _clock(at_ns: int, offset_min: int | None) -> str:
    """In the sender's time, as the other times of the case are; else in this machine's."""
    zone = None if offset_min is None else timezone(timedelta(minutes=offset_min))
    return datetime.fromtimestamp(at_ns / SECOND_NS, UTC).astimezone(zone).strftime("%H:%M:%S")
