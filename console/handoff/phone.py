"""The phone card: what to say when the line does not do it, and the record of what was said."""

from __future__ import annotations

from console.handoff.draft import Draft, urgency_words
from console.handoff.texts import both
from console.handoff.thread.figures import LadderFigures
from console.model.base import Record, Words
from console.model.ladder import PartnerThread, PhoneCall


class PhoneCard(Record, frozen=True, kw_only=True):
    """Whom to call and what to say, line by line, in both languages."""

    agency: str
    agency_name: Words
    number: str
    lines: tuple[Words, ...]


def phone_card(draft: Draft, key: str) -> PhoneCard:
    """What a person says, in the order a call taker asks: what, where, what is seen, who, and back."""
    at = draft.place.position
    side = both("ladder.phone.east" if at.lon >= 0 else "ladder.phone.west")
    lines = [
        _said("ladder.phone.opening", city=draft.city, person=draft.person, type=draft.type_name,
              code=urgency_words(draft)),
        _said("ladder.phone.place", place=_spoken_place(draft), lat=f"{abs(at.lat):.5f}",
              lon=f"{abs(at.lon):.5f}", side=side),
    ]  # fmt: skip
    if draft.seen:
        lines.append(_said("ladder.phone.seen", seen=_without_stop(draft.seen[-1].text)))
    if draft.callers:
        first = draft.callers[0]
        lines.append(_said("ladder.phone.caller", caller=f"{first.name} {first.number}".strip()))
    lines.append(_said("ladder.phone.ask", case=key))
    if draft.contact:
        lines.append(_said("ladder.phone.back", number=draft.contact))
    return PhoneCard(
        agency=draft.agency, agency_name=draft.agency_name, number=draft.agency_number, lines=tuple(lines)
    )


def check_call(
    call: PhoneCall, thread: PartnerThread, now_ns: int, figures: LadderFigures
) -> tuple[Words, ...]:
    """What is wrong with a call as a person wrote it down; empty when it can be kept."""
    limits, found = figures.phone, []
    if not call.name.strip() and call.outcome != "no_answer":
        found.append(both("ladder.phone.problem.name"))
    if call.channel not in limits.channels:
        found.append(_one_of("channel", limits.channels))
    if call.outcome not in limits.outcomes:
        found.append(_one_of("outcome", limits.outcomes))
    if not thread.drafted_ns <= call.called_at_ns <= now_ns:
        found.append(both("ladder.phone.problem.time"))
    if call.outcome == "refused" and not call.words.strip():
        found.append(both("ladder.phone.problem.words"))
    for field, most in (
        ("name", limits.name_chars), ("number", limits.number_chars), ("case_ref", limits.number_chars),
        ("words", figures.thread.text_chars),
    ):  # fmt: skip
        if len(getattr(call, field)) > most:
            found.append(both("ladder.phone.problem.long", field=field, most=most))
    return tuple(found)


def _one_of(what: str, names: tuple[str, ...]) -> Words:
    each = [both(f"ladder.{what}.{name}") for name in names]
    plural = f"{what}s"
    return Words(
        en=both(f"ladder.phone.problem.{what}", **{plural: ", ".join(one.en for one in each)}).en,
        ko=both(f"ladder.phone.problem.{what}", **{plural: ", ".join(one.ko for one in each)}).ko,
    )


def _spoken_place(draft: Draft) -> Words:
    name, address = draft.place.name, draft.place.address
    if address is None or not address.en or address == name:
        return name
    return Words(en=f"{name.en}, {address.en}", ko=f"{name.ko}, {address.ko or address.en}")


def _without_stop(text: Words) -> Words:
    """The sentence it goes into has its own full stop."""
    return Words(en=text.en.rstrip(" ."), ko=text.ko.rstrip(" ."))


def _said(name: str, /, **fields: str | Words) -> Words:
    def of(language: str) -> str:
        plain = {
            field: value.in_language(language) if isinstance(value, Words) else value
            for field, value in fields.items()
        }
        return both(name, **plain).in_language(language)

    return Words(en=of("en"), ko=of("ko"))
