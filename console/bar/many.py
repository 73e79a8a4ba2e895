"""Thousands of lines in one string, so that those that may fit are found without asking each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from console.bar.ranking import Line
from console.geo.hangul import asks_initials, initials, is_open, without_particle

T = TypeVar("T")
_APART = "\t"
"""Between two lines; no word has it."""


class ManyLines(Generic[T]):
    """The lines of a state's records. A record that changed is another object; only its line is made anew."""

    def __init__(self, names: Callable[[T], Iterable[str]]) -> None:
        self._names = names
        self._lines: dict[str, tuple[T, Line]] = {}
        self._keys: list[str] = []
        self._text = self._initials = ""
        self._ends: npt.NDArray[np.int64] = np.zeros(0, np.int64)

    def take(self, records: Mapping[str, T], at_once: int | None = None) -> bool:
        """These are the records now. Not more than `at_once` lines are made; False: some are missing yet."""
        before = self._lines
        room = len(records) if at_once is None else at_once
        fresh, all_there = len(before) != len(records), True
        lines: dict[str, tuple[T, Line]] = {}
        for key, record in records.items():
            known = before.get(key)
            if known is None or known[0] is not record:
                if room <= 0:
                    all_there = False
                    continue
                room -= 1
                known, fresh = (record, Line(self._names(record))), True
            lines[key] = known
        if fresh:
            self._lines, self._keys = lines, list(lines)
            self._text = _APART.join([line.text for _, line in lines.values()])
            self._initials = _APART.join([line.initials for _, line in lines.values()])
            lengths = [len(line.text) + 1 for _, line in lines.values()]
            self._ends = np.cumsum(lengths, dtype=np.int64)
        return all_there

    def line(self, key: str) -> Line:
        return self._lines[key][1]

    def may_fit(self, words: tuple[str, ...]) -> list[T]:
        """The records that can fit all words, in the records' order: a few too many, never one too few."""
        kept: npt.NDArray[np.bool_] = np.ones(len(self._keys), np.bool_)
        for word in words:
            found = self._having(word)
            shorter = without_particle(word)
            if shorter != word:
                found |= self._having(shorter)
            kept &= found
        return self._records(kept)

    def called(self, words: tuple[str, ...]) -> list[T]:
        """The records that have just these words for a name."""
        joined = "".join(words)
        return self._records(self._at(self._text, f"\n{joined}\n")) if joined else []

    def _records(self, kept: npt.NDArray[np.bool_]) -> list[T]:
        return [self._lines[self._keys[at]][0] for at in np.flatnonzero(kept)]

    def _having(self, word: str) -> npt.NDArray[np.bool_]:
        lead = "\n" if len(word) == 1 else ""
        if asks_initials(word) or (lead and is_open(word)):
            return self._at(self._initials, lead + initials(word))
        if is_open(word[-1]):
            return self._at(self._text, lead + word[:-1])
        return self._at(self._text, lead + word)

    def _at(self, text: str, part: str) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(self._keys), np.bool_)
        if not part:
            found[:] = True
            return found
        at, row = text.find(part), 0
        while at >= 0:
            # One place in a line is enough: on with the next line.
            row = int(np.searchsorted(self._ends, at, side="right"))
            found[row] = True
            at = text.find(part, int(self._ends[row]))
        return found
