"""Texts by id, searched as a few long strings: what takes a step of Python for each text otherwise."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

CHUNK = 512
END = "\n"
"""Between two texts; no word that is searched for holds one."""


class TextBook:
    """A text of each id. Changing one costs nothing until the next search joins its chunk anew."""

    def __init__(self) -> None:
        self._slot: dict[str, int] = {}
        self._ids: list[str] = []
        self._texts: list[str] = []
        self._free: list[int] = []
        self._joined: dict[int, tuple[str, list[int]]] = {}
        """By chunk: its texts as one, and where each begins."""

    def __len__(self) -> int:
        return len(self._slot)

    def put(self, name: str, text: str) -> None:
        """The text of `name` is this now."""
        slot = self._slot.get(name)
        if slot is None:
            if self._free:
                slot = self._free.pop()
                self._ids[slot] = name
            else:
                slot = len(self._ids)
                self._ids.append(name)
                self._texts.append("")
            self._slot[name] = slot
        elif self._texts[slot] == text:
            return
        self._texts[slot] = text
        self._joined.pop(slot // CHUNK, None)

    def drop(self, name: str) -> None:
        """There is none of it any more."""
        slot = self._slot.pop(name, None)
        if slot is not None:
            self._texts[slot] = self._ids[slot] = ""
            self._free.append(slot)
            self._joined.pop(slot // CHUNK, None)

    def text(self, name: str) -> str:
        """"" for what is not there."""
        slot = self._slot.get(name)
        return self._texts[slot] if slot is not None else ""

    def search(self, words: tuple[str, ...], found: set[str]) -> Iterator[None]:
        """Put every id whose text holds all words into `found`, a chunk at each step."""
        for chunk in range(-(-len(self._ids) // CHUNK)):
            found.update(self._ids[slot] for slot in self._hits(chunk, words))
            yield
        found.discard("")

    def _hits(self, chunk: int, words: tuple[str, ...]) -> list[int]:
        known = self._joined.get(chunk)
        first = chunk * CHUNK
        if known is None:
            texts = self._texts[first : first + CHUNK]
            begins, at = [], 0
            for text in texts:
                begins.append(at)
                at += len(text) + 1
            known = self._joined[chunk] = (END.join(texts) + END, begins)
        whole, begins = known
        hits: list[int] = []
        at = whole.find(words[0])
        while at >= 0:
            place = bisect_right(begins, at) - 1
            hits.append(first + place)
            if place + 1 == len(begins):
                break
            at = whole.find(words[0], begins[place + 1])
        for word in words[1:]:
            hits = [slot for slot in hits if word in self._texts[slot]]
        return hits
