"""Texts searched as long strings say what each text by itself would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.desk.textbook import TextBook

NAMES = st.sampled_from([f"I{number}" for number in range(8)])
WORDS = st.text("abc 가", min_size=0, max_size=6)


@given(
    st.lists(st.tuples(NAMES, st.none() | WORDS), max_size=40),
    st.lists(st.text("abc가", min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_a_search_finds_what_holds_every_word_and_nothing_else(
    changes: list[tuple[str, str | None]], words: list[str]
) -> None:
    book, texts = TextBook(), {}
    for name, text in changes:
        if text is None:
            book.drop(name)
            texts.pop(name, None)
        else:
            book.put(name, text)
            texts[name] = text
        found: set[str] = set()
        for _ in book.search(tuple(words), found):
            pass
        assert found == {one for one, each in texts.items() if all(word in each for word in words)}
        assert all(book.text(one) == each for one, each in texts.items())
    assert len(book) == len(texts)
