"""Many short texts in one string, so that all that hold a word are found without looking at each.

Pure; a vocabulary never changes once made. Any thread.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from console.geo.hangul import INITIALS, asks_initials, begins, initials, is_open

Bools: TypeAlias = npt.NDArray[np.bool_]
_BETWEEN = "\n"


def normal(text: str) -> str:
    """Composed (NFC), case folded, letters and digits and "-" alone: "St. Enoch, north" is "stenochnorth".

    Consonants of an old keyboard's kind become the ones a person types.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(one for one in folded if one.isalnum() or one == "-")


class Vocabulary:
    """Texts by number."""

    def __init__(self, texts: Sequence[str]) -> None:
        parts = [normal(one) for one in texts]
        self._count = len(parts)
        self._joined = _BETWEEN + _BETWEEN.join(parts) + _BETWEEN
        lengths = np.fromiter((len(one) + 1 for one in parts), np.int64, len(parts))
        self._starts = 1 + np.concatenate([[0], np.cumsum(lengths)[:-1]]) if parts else np.zeros(0, np.int64)
        self._initials = initials(self._joined) if any(map(_has_korean, parts)) else ""

    def __len__(self) -> int:
        return self._count

    def holding(self, word: str) -> Bools:
        """Which texts hold a normal word, bool by number. Consonants alone stand for any syllable they begin,
        and the last syllable may lack its final consonant."""
        found = np.zeros(self._count, np.bool_)
        if not word or not self._count:
            return found
        if self._initials and (asks_initials(word) or is_open(word[-1])):
            positions = self._positions_begun(word)
        else:
            positions = _positions(self._joined, word)
        if positions:
            found[np.searchsorted(self._starts, positions, side="right") - 1] = True
        return found

    def starting(self, word: str) -> Bools:
        """Which texts begin with a normal word or with its consonants."""
        found = np.zeros(self._count, np.bool_)
        for number in np.flatnonzero(self.holding(word)):
            first = int(self._starts[number])
            part = self._joined[first : first + len(word)]
            found[number] = len(part) == len(word) and all(map(begins, word, part))
        return found

    def equal(self, word: str) -> Bools:
        """Which texts are the normal word."""
        found = np.zeros(self._count, np.bool_)
        positions = [at + 1 for at in _positions(self._joined, _BETWEEN + word + _BETWEEN, overlap=1)]
        if positions:
            found[np.searchsorted(self._starts, positions, side="right") - 1] = True
        return found

    def _positions_begun(self, word: str) -> list[int]:
        """Where a word may begin that has consonants alone, or a last syllable still being typed."""
        joined, head, last = self._joined, word[:-1], word[-1]
        if all(one in INITIALS for one in word):
            return _positions(self._initials, word)
        if head and not asks_initials(head):
            off = len(head)
            return [at for at in _positions(joined, head) if begins(last, joined[at + off])]
        typed = [(at, one) for at, one in enumerate(word) if one not in INITIALS]
        return [
            at for at in _positions(self._initials, initials(word))
            if all(begins(one, joined[at + off]) for off, one in typed)
        ]  # fmt: skip


def _positions(text: str, word: str, overlap: int = 0) -> list[int]:
    """Where a word is in a text."""
    found = []
    at = text.find(word)
    step = max(1, len(word) - overlap)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + step)
    return found


def _has_korean(text: str) -> bool:
    return any("가" <= one <= "힣" for one in text)
