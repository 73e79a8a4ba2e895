"""How typed words find lines, whatever the language and however far they are typed."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.bar.many import ManyLines
from console.bar.ranking import INSIDE, START, WHOLE, WORD, Line, words_of
from console.geo.hangul import initials
from console.geo.vocabulary import normal

LETTERS = st.text(st.sampled_from("abcxyz0123가각시청수원팔달문"), min_size=1, max_size=8)
NAMES = st.lists(LETTERS, min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize(("name", "typed", "worst"), [
    ("Full screen", "full screen", WHOLE), ("Full screen", "fullscreen", WHOLE), ("Full screen", "fu", START),
    ("Full screen", "screen", WORD), ("Full screen", "scr", WORD), ("Full screen", "creen", INSIDE),
    ("수원시청", "수원 시청", WHOLE), ("수원 시청", "시청", WORD), ("수원시청", "ㅅㅇㅅㅊ", START),
    ("수원시청", "시청", INSIDE), ("팔달문", "팔달무", START), ("팔달문", "팔달문에서", WHOLE),
    ("팔달문", "ㅍ", START),
    ("수원 시청", "ㅅㅊ", WORD), ("수원 시청", "시ㅊ", WORD), ("Smoke or fire", "fire smoke", WORD),
])  # fmt: skip
def test_a_line_is_found_by_its_beginning_its_words_its_letters(name: str, typed: str, worst: int):
    fit = Line((name,)).fit(words_of(typed))
    assert fit is not None and fit.worst == worst


@pytest.mark.parametrize(("name", "typed"), [
    ("Full screen", "full stop"), ("Full screen", "z"), ("Full screen", "c"), ("팔달문", "ㅍㅁ"),
    ("팔달문", "팔달구"), ("팔달문", "파달문"),
    ("수원시청", "시총"), ("", "a"),
])  # fmt: skip
def test_every_word_must_fit(name: str, typed: str):
    assert Line((name,)).fit(words_of(typed)) is None


def test_one_letter_inside_a_word_says_nothing():
    assert Line(("Full screen",)).fit(("r",)) is None


def test_no_words_fit_every_line_alike():
    assert Line(("a",)).fit(()) == Line(("b",)).fit(())


def test_a_counted_number_is_the_number():
    assert words_of("123번 카메라") == ("123", "카메라")


@given(NAMES, st.data())
def test_a_line_is_never_lost_while_its_name_is_typed_on(name: str, data: st.DataObject):
    line, whole = Line((name, "other")), normal(name)
    end = data.draw(st.integers(1, len(whole)))
    fit = line.fit((whole[:end],))
    assert fit is not None and fit.worst <= START


@given(NAMES)
def test_initial_consonants_find_what_the_syllables_find(name: str):
    assume(any("가" <= one <= "힣" for one in name))
    assert Line((name,)).fit((initials(normal(name)),)) is not None


@given(NAMES, LETTERS)
def test_a_longer_word_never_fits_where_a_part_of_it_does_not(name: str, word: str):
    line = Line((name,))
    if len(word) > 2 and line.fit((word,)) is not None:
        assert line.fit((word[:-1],)) is not None


@given(NAMES, st.lists(LETTERS, min_size=2, max_size=3), st.randoms())
def test_the_order_of_the_words_does_not_decide_whether_they_fit(name: str, words: list[str], chance: object):
    line, turned = Line((name,)), list(reversed(words))
    each = [line.fit((one,)) is not None for one in words]
    if all(each):
        assert line.fit(tuple(words)) is not None and line.fit(tuple(turned)) is not None


@given(st.text(max_size=60))
def test_nothing_that_can_be_typed_breaks_it(text: str):
    words = words_of(text)
    fit = Line(("수원시청", "Suwon City Hall", text)).fit(words)
    assert fit is None or WHOLE <= fit.worst <= INSIDE


@given(st.lists(NAMES, max_size=12), st.lists(LETTERS, min_size=1, max_size=3), st.booleans())
def test_of_many_lines_none_that_fits_is_passed_over(names: list[str], typed: list[str], by_initials: bool):
    words = words_of(initials(" ".join(typed)) if by_initials else " ".join(typed))
    many: ManyLines[str] = ManyLines(lambda name: (name,))
    assert many.take({str(place): name for place, name in enumerate(names)})
    may = many.may_fit(words)
    assert all(name in may for name in names if Line((name,)).fit(words) is not None)


def test_a_record_that_changed_or_went_is_not_found_by_its_old_words():
    many: ManyLines[str] = ManyLines(lambda name: (name,))
    many.take({"a": "fire", "b": "flood"})
    many.take({"a": "fight", "c": "fire"})
    assert many.may_fit(("fire",)) == ["fire"] and many.may_fit(("flood",)) == []
