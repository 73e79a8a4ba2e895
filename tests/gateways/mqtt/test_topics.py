"""Topic patterns: what they cover, what they stand for, and which of them meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.gateways.mqtt.topics import Pattern, as_expression, filled, names_in, parse_pattern

WORDS = ("a", "b", "c")


def pattern(text: str) -> Pattern:
    found = parse_pattern(text)
    assert isinstance(found, Pattern), found
    return found


def test_names_stand_for_one_level_each():
    found = pattern("suwon/{site}/+/{lamp}/state")
    assert found.filter == "suwon/+/+/+/state"
    assert found.captured("suwon/park/x/7/state") == {"site": "park", "lamp": "7"}
    assert found.captured("suwon/park/x/7/state/more") is None
    assert found.captured("suwon/park/x/7") is None
    assert pattern("suwon/#").captured("suwon/park/x") == {}


@pytest.mark.parametrize("text", ["a/#/b", "a/b#", "a/{B}", "{x}/{x}", "a/b+", "a/{x}y", "a/\x00"])
def test_what_is_no_pattern_is_refused_in_words(text: str):
    assert isinstance(parse_pattern(text), str)


def texts() -> st.SearchStrategy[str]:
    level = st.sampled_from([*WORDS, "+"])
    return st.tuples(st.lists(level, min_size=1, max_size=4), st.booleans()).map(
        lambda drawn: "/".join([*drawn[0], "#"] if drawn[1] else drawn[0])
    )


@given(texts(), texts(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
def test_patterns_that_do_not_overlap_never_cover_the_same_topic(one: str, other: str, levels: list[str]):
    a, b, topic = pattern(one), pattern(other), "/".join(levels)
    assert a.overlaps(b) == b.overlaps(a)
    if a.captured(topic) is not None and b.captured(topic) is not None:
        assert a.overlaps(b)


def test_a_template_is_filled_and_known_by_its_looks():
    assert names_in("UND-{site}") == {"site"}
    assert names_in("UND-{site") is None
    assert filled("UND-{site}", {"site": "0001"}) == "UND-0001"
    assert as_expression("UND-{site}").fullmatch("UND-0001")
    assert not as_expression("UND-{site}").fullmatch("LAMP-0001")
