"""Texts searched as long strings say what each text by itself would."""

from __future__ import annotations

from collections.abc import Generator

from hypothesis import given
from hypothesis import strategies as st

from console.desk.textbook import Hits, TextBook

NAMES = st.sampled_from([f"I{number}" for number in range(8)])
WORDS = st.text("abc 가", min_size=0, max_size=6)




def searched(book: TextBook, *words: str) -> set[str]:
    hits = at_its_end(book.search(words))
    return {name for name, slot in book.slots.items() if hits[slot]}


def at_its_end(search: Generator[None, None, Hits]) -> Hits:
    while True:
        try:
            next(search)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


@given(
    st.lists(st.tuples(NAMES, st.none() | st.lists(WORDS, max_size=4)), max_size=40),
    st.lists(st.text("abc가", min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_a_search_finds_what_holds_every_word_and_nothing_else(
    changes: list[tuple[str, list[str] | None]], words: list[str]
) -> None:
    book, texts = TextBook(), {}
    for name, parts in changes:
        if parts is None:
            book.drop(name)
            texts.pop(name, None)
        else:
            book.put(name, *parts)
            texts[name] = " ".join(part for part in parts if part)
        assert searched(book, *words) == {
            one for one, each in texts.items() if all(word in each for word in words)
        }
        assert all(book.text(one) == each for one, each in texts.items())
        assert len(book) == len(texts)


def test_what_changes_while_a_search_goes_on_does_not_disturb_it() -> None:
    book = TextBook()
    for number in range(5_000):
        book.put(f"I{number}", f"i{number}", "fire")
    search = book.search(("fire", "i4999"))
    next(search)
    for number in range(9_000):
        book.put(f"I{number}", f"i{number}", f"flood {number}")
    assert len(at_its_end(search)) == 9_000
    assert searched(book, "flood", "8999") == {"I8999"}


def test_a_line_feed_in_a_text_does_not_shift_those_after_it() -> None:
    book = TextBook()
    book.put("I1", "two\nlines")
    book.put("I2", "화재 at the\nmarket", "p1")
    assert searched(book, "lines") == {"I1"}
    assert searched(book, "재", "market", "p1") == {"I2"}
