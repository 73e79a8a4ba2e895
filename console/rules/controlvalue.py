"""What may be ordered: a person's text as the one form of a control's value, and the effect to expect."""

from __future__ import annotations

import math
from dataclasses import dataclass

from console.model.base import Words, same_words
from console.model.control import AUTOMATIC, Control, ControlRange, ControlText, ExpectedEffect
from console.rules.city import Phrase


@dataclass(frozen=True, slots=True)
class Ordered:
    """A value that can be ordered: as it is sent, in words, and what is to be measured then."""

    value: str
    words: Words
    effect: ExpectedEffect | None


def read_value(control: Control, told: str, phrase: Phrase) -> Ordered | Words:
    """The value in its one form ("70", not "70.0"), or in words why it cannot be ordered."""
    if told == AUTOMATIC:
        if control.automatic:
            return Ordered(AUTOMATIC, phrase("control.automatic"), None)
        return phrase("control.value.no_automatic")
    if control.range is not None:
        return _number(control, control.range, told, phrase)
    if control.text is not None:
        return _text(control, control.text, told, phrase)
    for choice in control.choices:
        if choice.id == told:
            return Ordered(told, choice.name, _expected(control, choice.effect))
    return phrase(
        "control.value.choice", en=(", ".join(one.name.en for one in control.choices),),
        ko=(", ".join(one.name.ko for one in control.choices),),
    )  # fmt: skip


def _number(control: Control, told: ControlRange, text: str, phrase: Phrase) -> Ordered | Words:
    try:
        number = float(text) if len(text) <= 32 and text.isascii() else math.nan
    except ValueError:
        number = math.nan
    steps = (number - told.low) / told.step
    within = told.low <= number <= told.high
    if not within or abs(steps - round(steps)) > 1e-6:  # NaN is within nothing
        fields = (f"{told.low:g}", f"{told.high:g}", f"{told.step:g}", told.unit)
        return phrase("control.value.range", en=fields, ko=fields)
    value = f"{told.low + round(steps) * told.step:.9g}"
    around = (float(value) - told.tolerance, float(value) + told.tolerance)
    return Ordered(value, same_words(f"{value} {told.unit}"), _expected(control, around))


def _text(control: Control, told: ControlText, text: str, phrase: Phrase) -> Ordered | Words:
    lines = [line.strip() for line in text.strip().split("\n")]
    fields = (str(told.lines), str(told.columns))
    if not text.strip() or len(lines) > told.lines or any(len(line) > told.columns for line in lines):
        return phrase("control.value.text", en=fields, ko=fields)
    for sign in "".join(lines):
        if not sign.isprintable() or not _has(told.charset, sign):
            return phrase("control.value.sign", en=(ascii(sign),), ko=(ascii(sign),))
    return Ordered(
        "\n".join(lines), same_words("“" + " / ".join(lines) + "”"), _expected(control, told.effect)
    )


def _has(charset: str, sign: str) -> bool:
    try:
        sign.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _expected(control: Control, within: tuple[float, float] | None) -> ExpectedEffect | None:
    if control.effect is None or within is None:
        return None
    return ExpectedEffect(
        quantity=control.effect.quantity, low=within[0], high=within[1], within_s=control.effect.within_s
    )
