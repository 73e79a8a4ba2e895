"""Telephone numbers and e-mail addresses that somebody wrote into a text, made unreadable. Pure.

A citizen may write a number into the description. The operator reads it as it is; what leaves the console
(prints, exports, answers to anybody who asks for a report) shows marks in its place.
"""

from __future__ import annotations

import re

MARK = "●●●"
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d[\d ()-]{6,18}\d(?![\w.]\d)")
_DIGITS = 9
"""A Korean or British number has at least nine digits; dates, house numbers and years have fewer."""


def without_contacts(text: str) -> str:
    """The text with every e-mail address and telephone number replaced by `MARK`."""
    return _NUMBER.sub(_hidden, _EMAIL.sub(MARK, text))


def _hidden(found: re.Match[str]) -> str:
    return MARK if sum(one.isdigit() for one in found[0]) >= _DIGITS else found[0]
