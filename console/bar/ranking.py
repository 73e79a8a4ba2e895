"""How well typed words fit a line: by its beginning, by the beginnings of its words, by its letters.

Korean is understood as it is typed: initial consonants stand for syllables, the last syllable may lack its
final consonant, and a particle at the end of a word may be left away. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from console.geo.hangul import INITIALS, asks_initials, begins, initials, is_open, without_particle
from console.geo.vocabulary import normal

WHOLE, START, WORD, INSIDE = 0, 1, 2, 3
"""The line is the word; begins with it; one of its words begins with it; it is somewhere within."""
_SPLIT = re.compile(r"[\s,;·/()\[\]|]+")
_COUNTED = re.compile(r"(\d+)(?:번|호|호기)$")
_BETWEEN = "\n"


class Fit(NamedTuple):
    """Less is better: `worst` of all words, then their sum, then the line's length."""

    worst: int
    total: int
    length: int


def words_of(text: str) -> tuple[str, ...]:
    """What somebody typed as normal words; "123번" is 123."""
    found = (normal(one) for one in _SPLIT.split(text))
    return tuple(_COUNTED.sub(r"\1", one) for one in found if one)


class Line:
    """What can be found, as it is called in each language and by its id. Never changes; any thread."""

    __slots__ = ("_initials", "_names", "_words")

    def __init__(self, names: Iterable[str]) -> None:
        self._names: tuple[str, ...] = ()
        words = []
        for name in names:
            parts = [normal(one) for one in _SPLIT.split(name)]
            whole = "".join(parts)
            if whole and whole not in self._names:
                self._names += (whole,)
                words += [one for one in parts if one and one != whole]
        self._words = _BETWEEN.join(("", *self._names, *words, ""))
        self._initials = initials(self._words) if any("가" <= one <= "힣" for one in self._words) else ""

    def fit(self, words: tuple[str, ...]) -> Fit | None:
        """How well all of these words fit; None where one does not. No words fit everything alike."""
        joined = "".join(words)
        if len(words) > 1:
            rank = self._rank(joined)
            if rank is not None and rank <= START:
                return Fit(rank, rank, self._shortest)
        ranks = []
        for word in words:
            rank = self._rank(word)
            if rank is None:
                shorter = without_particle(word)
                rank = self._rank(shorter) if shorter != word else None
            if rank is None:
                return None
            ranks.append(rank)
        return Fit(max(ranks, default=INSIDE), sum(ranks), self._shortest)

    @property
    def text(self) -> str:
        """All that can be found in it: words between line ends, at the beginning and the end too."""
        return self._words

    @property
    def initials(self) -> str:
        """The same by initial consonants: as many letters."""
        return self._initials or self._words

    @property
    def _shortest(self) -> int:
        return min(map(len, self._names), default=0)

    def _rank(self, word: str) -> int | None:
        if not word:
            return None
        if word in self._names:
            return WHOLE
        if any(_begins(name, word) for name in self._names):
            return START
        if self._has(word, at_start=True):
            return WORD
        return INSIDE if len(word) > 1 and self._has(word, at_start=False) else None

    def _has(self, word: str, at_start: bool) -> bool:
        """Whether the word is there, as the beginning of one of the line's words or anywhere."""
        lead = _BETWEEN if at_start else ""
        if lead + word in self._words:
            return True
        if not self._initials:
            return False
        if all(one in INITIALS for one in word):
            return lead + word in self._initials
        if asks_initials(word):
            return any(
                _begins(self._words[at:], word) for at in _places(self._initials, lead + initials(word), lead)
            )
        if is_open(word[-1]):
            head = lead + word[:-1]
            return any(begins(word[-1], self._words[at + len(head)]) for at in _places(self._words, head))
        return False


def _begins(name: str, word: str) -> bool:
    """Whether a name begins with a word: consonants stand for syllables, the last one may be open."""
    if len(name) < len(word):
        return False
    last = len(word) - 1
    return begins(word[last], name[last]) and all(
        one == letter or (one in INITIALS and begins(one, letter))
        for one, letter in zip(word[:last], name, strict=False)
    )


def _places(text: str, part: str, lead: str = "") -> Iterable[int]:
    """Where a part stands; behind its lead."""
    at = text.find(part) if part else 0
    while at >= 0 and at + len(part) < len(text):
        yield at + len(lead)
        at = text.find(part, at + 1) if part else (at + 1 if at + 1 < len(text) else -1)
