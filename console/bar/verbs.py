"""The words a line may begin with. What they are called is in the translations, both languages at once."""

from __future__ import annotations

import re
from typing import NamedTuple

from console.bar.ranking import words_of
from console.geo.hangul import begins, is_syllable
from console.geo.vocabulary import normal
from console.language import Catalogue

VERBS = (
    "cam", "go", "device", "inc", "ack", "hand", "joint", "transfer", "tell", "withdraw",
    "phone", "note", "new", "alarm", "chart", "mode", "layout", "page",
    "do",
)  # fmt: skip
_GLUED = re.compile(r"([^\W\d_]+)(\d.*)")


class Typed(NamedTuple):
    """A line taken apart: `verb` is one of VERBS or empty, `rest` what follows it, `words` of the rest."""

    verb: str
    rest: str
    words: tuple[str, ...]


class Verbs:
    """Knows the verbs' words. The UI thread's."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_word: dict[str, str] = {}
        for verb in VERBS:
            both = [catalogue.both(f"bar.verb.{verb}.{name}") for name in ("word", "also")]
            spoken = [one for words in both for text in (words.en, words.ko) for one in text.split()]
            for one in spoken:
                self._by_word.setdefault(normal(one), verb)

    def begins(self, verb: str, word: str) -> bool:
        """Whether a word may become one of the verb's: "ㅋ" and "카메" begin "카메라"."""
        return any(
            len(one) >= len(word) and all(map(begins, word, one))
            for one in self.spoken(verb)
        )  # fmt: skip

    def word(self, verb: str) -> str:
        """The verb as it is typed in the present language."""
        return self._catalogue.say(f"bar.verb.{verb}.word")

    def spoken(self, verb: str) -> tuple[str, ...]:
        """All its words, the present language's first."""
        found = [one for one, of in self._by_word.items() if of == verb]
        first = normal(self.word(verb))
        return (first, *(one for one in found if one != first))

    def read(self, text: str) -> Typed:
        """Take a line apart. A leading "/" is the key that opened the bar; "cam123" is "cam 123"; a Korean
        verb may stand at the end, as in a sentence ("119 인계", "공원 카메라")."""
        text = text.strip().removeprefix("/").lstrip()
        head, _, rest = text.partition(" ")
        verb = self._by_word.get(normal(head), "")
        if not verb and (glued := _GLUED.fullmatch(head)) is not None:
            verb = self._by_word.get(normal(glued[1]), "")
            rest = f"{glued[2]} {rest}" if verb else rest
        front, _, last = text.rpartition(" ")
        if not verb and front and is_syllable(last[:1] or " "):
            verb, rest = self._by_word.get(normal(last), ""), front
        rest = rest.strip() if verb else text
        return Typed(verb, rest, words_of(rest))
