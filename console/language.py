"""Every visible string, by key, in English and Korean.

The catalogue is the TOML files of assets/translations, one per feature:
    [queue.title]
    en = "Incidents"
    ko = "상황 목록"
Qt-free, so that the desk, the agency, the command line and the printed reports share it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from console.model.base import Words
from console.paths import shipped

LANGUAGES = ("en", "ko")


class Catalogue:
    """Key to words. `language` may be changed while running; `on_change` callables are told.

    Use from one thread (the UI thread of a desk).
    """

    def __init__(self, words: dict[str, Words], language: str = "en") -> None:
        self._words = words
        self._language = language
        self._listeners: list[Callable[[], None]] = []

    @property
    def language(self) -> str:
        return self._language

    def switch(self, language: str) -> None:
        """Speak `language` from now on. Raises ValueError for one the console does not speak."""
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
        if language != self._language:
            self._language = language
            for listener in tuple(self._listeners):
                listener()

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Be told of a switch; returns the call that ends it."""
        self._listeners.append(listener)

        def forget() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return forget

    def say(self, key: str, /, **fields: Any) -> str:
        """The text of `key` in the present language with `fields` filled in. Raises KeyError if unknown."""
        text = self._words[key].in_language(self._language)
        return text.format(**fields) if fields else text

    def words(self, words: Words | None) -> str:
        """A fact's own words in the present language; empty for None."""
        return words.in_language(self._language) if words is not None else ""

    def both(self, key: str, /, **fields: Any) -> Words:
        """The text of `key` in both languages, for a fact that goes on the log."""
        words = self._words[key]
        if not fields:
            return words
        return Words(en=words.en.format(**fields), ko=words.ko.format(**fields))

    def keys(self) -> frozenset[str]:
        return frozenset(self._words)


class CatalogueError(Exception):
    """A translation file is wrong; the text names the file and the key."""


def load_catalogue(language: str = "en", folder: Path | None = None) -> Catalogue:
    """Read all translation files. Raises CatalogueError naming file and key of what is missing or double."""
    words: dict[str, Words] = {}
    for path in sorted((folder or shipped("assets") / "translations").glob("*.toml")):
        try:
            tree = msgspec.toml.decode(path.read_bytes())
        except msgspec.DecodeError as error:
            raise CatalogueError(f"{path.name}: {error}") from None
        for key, both in _flat(tree, ""):
            if set(both) != set(LANGUAGES) or not all(both.values()):
                raise CatalogueError(f"{path.name}: {key}: expected en and ko, both with text")
            if key in words:
                raise CatalogueError(f"{path.name}: {key}: already defined in another file")
            words[key] = Words(en=both["en"], ko=both["ko"])
    return Catalogue(words, language)


def _flat(tree: dict[str, Any], prefix: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if not isinstance(value, dict):
            raise CatalogueError(f"{key}: expected a table with en and ko")
        if any(isinstance(one, dict) for one in value.values()):
            found += _flat(value, f"{key}.")
        else:
            found.append((key, value))
    return found
