"""Units, pointers and times: what a device writes becomes what it means, or nothing."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.gateways.mqtt.moments import moment_ns
from console.gateways.mqtt.pointer import ABSENT, look_up, parse_pointer
from console.gateways.mqtt.units import conversion, load_units

SEOUL = ZoneInfo("Asia/Seoul")
AT_NS = 1_774_000_000 * 10**9


@pytest.mark.parametrize(
    ("value", "have", "want", "found"),
    [
        (181, "mm", "cm", 18.1), (68, "degF", "degC", 20.0), (293.15, "K", "degC", 20.0),
        (36, "km/h", "m/s", 10), (0.05, "mg/m3", "ug/m3", 50), (45, "ppb", "ppm", 0.045),
        (1.5, "kW", "W", 1500), (0.8, "ratio", "%", 80), (1, "state", "state", 1),
    ],
)  # fmt: skip
def test_a_unit_becomes_another_of_its_kind(value: float, have: str, want: str, found: float):
    convert = conversion(have, want)
    assert convert is not None
    assert convert(value) == pytest.approx(found)


def test_units_of_different_things_do_not_convert():
    assert conversion("mm", "degC") is None
    assert conversion("mm", "furlong") is None


def test_there_and_back_is_the_same_for_all_units():
    for units in load_units().values():
        for have in units:
            for want in units:
                there, back = conversion(have, want), conversion(want, have)
                assert there is not None and back is not None
                assert back(there(12.5)) == pytest.approx(12.5)


NESTED = st.recursive(st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(max_size=3), one))


@given(NESTED)
def test_every_part_of_a_document_is_found_by_its_pointer(document: Any):
    def walk(value: Any, at: str) -> None:
        steps = parse_pointer(at)
        assert steps is not None
        assert look_up(document, steps) is value
        rows = enumerate(value) if isinstance(value, list) else ()
        for key, inner in value.items() if isinstance(value, dict) else rows:
            walk(inner, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")

    walk(document, "")
    assert look_up(document, ("no", "such", "place")) is ABSENT


@pytest.mark.parametrize("text", ["a", "/~2", "/a~"])
def test_what_is_no_pointer_is_none(text: str):
    assert parse_pointer(text) is None


@pytest.mark.parametrize(
    ("said", "form", "pattern"),
    [
        ("2026-03-20T18:46:40+09:00", "iso8601", ""), ("2026-03-20T09:46:40Z", "iso8601", ""),
        ("2026-03-20T18:46:40", "iso8601", ""), (1_774_000_000, "unix_s", ""), ("1774000000", "unix_s", ""),
        (1_774_000_000_000, "unix_ms", ""), (1_774_000_000.0, "unix_s", ""),
        ("20260320184640", "text", "%Y%m%d%H%M%S"),
    ],
)  # fmt: skip
def test_the_same_moment_in_many_ways(said: Any, form: str, pattern: str):
    assert moment_ns(said, form, pattern, SEOUL) == AT_NS


@pytest.mark.parametrize("said", [None, True, "soon", "", [], 1e300, float("nan"), "9" * 100, -1e15, {}])
@pytest.mark.parametrize("form", ["iso8601", "unix_s", "unix_ms", "text"])
def test_what_is_no_time_is_none(said: Any, form: str):
    assert moment_ns(said, form, "%Y%m%d", SEOUL) is None


def test_a_local_time_without_a_zone_is_none():
    assert moment_ns("2026-03-20T18:46:40", "iso8601", "", None) is None
