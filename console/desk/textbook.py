"""Texts by name, searched as a few long strings: what takes a step of Python for each text otherwise.

Incidents say the same things: each different part is kept once and has a number, so that a word is looked for
once in each of them, and a change of owner is a change of a number.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator

import numpy as np
import numpy.typing as npt

PARTS = 4
"""A text has at most so many parts."""
CHUNK = 2_048
"""So many parts are one long string: joining it anew, or searching it, takes well under a millisecond."""
END = "\n"
"""Between two parts; no word that is searched for holds one."""
LINE_FEED = 10
Hits = npt.NDArray[np.bool_]


class TextBook:
    """A text of each name. Changing one costs little until the next search joins its chunk anew.

    `slots` gives each name a number from 0 that it keeps, also after `drop`; no other name gets it.
    """

    def __init__(self) -> None:
        self.slots: dict[str, int] = {}
        self._columns = tuple(array("i") for _ in range(PARTS))
        """By place of the part: the part's number, by slot."""
        self._live = bytearray()
        self._count = 0
        self._number: dict[str, int] = {"": 0}
        self._parts = [""]
        self._uses = [0]
        self._free: list[int] = []
        self._joined: dict[int, tuple[npt.NDArray[np.uint8], npt.NDArray[np.intp]]] = {}
        """By chunk: its parts as one string in UTF-8, and where each ends."""

    def __len__(self) -> int:
        return self._count

    def put(self, name: str, *parts: str) -> int:
        """The text of `name` is these now, a space between them; returns its slot. At most `PARTS`."""
        slot = self.slots.get(name)
        if slot is None:
            slot = self.slots[name] = len(self._live)
            self._live.append(1)
            self._count += 1
            for column in self._columns:
                column.append(0)
            self._uses[0] += PARTS
        elif not self._live[slot]:
            self._live[slot] = 1
            self._count += 1
        for place, column in enumerate(self._columns):
            self._set(column, slot, parts[place] if place < len(parts) else "")
        return slot

    def drop(self, name: str) -> None:
        """There is none of it any more."""
        slot = self.slots.get(name)
        if slot is not None and self._live[slot]:
            self._live[slot] = 0
            self._count -= 1
            for column in self._columns:
                self._set(column, slot, "")

    def text(self, name: str) -> str:
        """"" for what is not there."""
        slot = self.slots.get(name)
        if slot is None:
            return ""
        return " ".join(part for column in self._columns if (part := self._parts[column[slot]]))

    def search(self, words: tuple[str, ...]) -> Generator[None, None, Hits]:
        """Which texts hold all words, by slot; a chunk of one word at each step. A word is not empty and has
        no white space. What is changed between two steps may be found as before or as after.
        """
        by_word = []
        for word in words:
            chunks = -(-len(self._parts) // CHUNK)
            hits = np.zeros(chunks * CHUNK, dtype=np.bool_)
            for chunk in range(chunks):
                self._hit(chunk, word.encode("utf-8", "surrogatepass"), hits)
                yield
            by_word.append(hits)
        found = np.ones(len(self._live), dtype=np.bool_)
        columns = [np.array(column, dtype=np.int32) for column in self._columns]
        for hits in by_word:
            hits = np.append(hits, np.zeros(max(0, len(self._parts) - len(hits)), dtype=np.bool_))
            some = hits[columns[0]]
            for column in columns[1:]:
                some |= hits[column]
            found &= some
        return found

    # --- within -----------------------------------------------------------------------------------------

    def _set(self, column: array[int], slot: int, part: str) -> None:
        before = column[slot]
        number = self._number.get(part)
        if number == before:
            return
        if number is None:
            number = self._keep(part)
        self._uses[number] += 1
        column[slot] = number
        self._uses[before] -= 1
        if not self._uses[before] and before:
            del self._number[self._parts[before]]
            self._parts[before] = ""
            self._free.append(before)  # its chunk may still say it: nobody has this number any more

    def _keep(self, part: str) -> int:
        if self._free:
            number = self._free.pop()
            self._parts[number] = part
        else:
            number = len(self._parts)
            self._parts.append(part)
            self._uses.append(0)
        self._number[part] = number
        self._joined.pop(number // CHUNK, None)
        return number

    def _hit(self, chunk: int, word: bytes, hits: Hits) -> None:
        whole, ends = self._joined.get(chunk) or self._join(chunk)
        last = len(word) - 1
        # Backwards, because what Korean letters begin with in UTF-8 is nearly the same for all of them.
        at = np.flatnonzero(whole[last:] == word[last])
        for back in range(last):
            if not len(at):
                return
            at = at[whole[at + back] == word[back]]
        hits[chunk * CHUNK + np.searchsorted(ends, at)] = True

    def _join(self, chunk: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.intp]]:
        parts = self._parts[chunk * CHUNK : (chunk + 1) * CHUNK]
        whole, ends = self._as_one(parts)
        if len(ends) != len(parts):
            whole, ends = self._as_one([part.replace(END, " ") for part in parts])
        self._joined[chunk] = (whole, ends)
        return whole, ends

    @staticmethod
    def _as_one(parts: list[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.intp]]:
        joined = (END.join(parts) + END).encode("utf-8", "surrogatepass")
        whole = np.frombuffer(joined, dtype=np.uint8)
        return whole, np.flatnonzero(whole == LINE_FEED)
