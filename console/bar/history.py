"""The lines that were used last. In memory alone: a note may name a person."""

from __future__ import annotations


class History:
    """Newest first, each line once."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._texts: list[str] = []
        self._used: list[tuple[str, str]] = []

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def used(self, text: str, kind: str, name: str) -> None:
        """This line was typed, and this thing chosen."""
        text = " ".join(text.split())
        if text:
            self._texts = [text, *(one for one in self._texts if one != text)][: self._kept]
        self._used = [(kind, name), *(one for one in self._used if one != (kind, name))][: self._kept]

    def recent(self, kind: str, name: str) -> bool:
        """Whether this was chosen lately."""
        return (kind, name) in self._used
