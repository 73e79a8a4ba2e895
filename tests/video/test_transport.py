"""The replay clock's arithmetic."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.video.transport import FASTEST, SLOWEST, Transport

DAY_NS = 86_400 * 10**9
walls = st.integers(1_500_000_000 * 10**9, 2_500_000_000 * 10**9)
monos = st.integers(0, 400 * DAY_NS)
rates = st.one_of(
    st.sampled_from([-8.0, -2.0, -1.0, 0.25, 0.5, 1.0, 2.0, 8.0, 16.0]),
    st.floats(SLOWEST, FASTEST, allow_nan=False).filter(lambda rate: abs(rate) > 1e-3),
)
transports = st.builds(Transport, group=st.just("g"), base_ns=walls, at_mono_ns=monos, rate=rates)
spans = st.integers(0, DAY_NS)


@given(transports, spans, rates)
def test_another_rate_makes_no_jump(transport: Transport, after_ns: int, rate: float) -> None:
    now_ns = transport.at_mono_ns + after_ns
    assert transport.running(now_ns, rate).position(now_ns) == transport.position(now_ns)


@given(transports, spans, spans)
def test_paused_stands_still_and_goes_on_from_there(
    transport: Transport, after_ns: int, pause_ns: int
) -> None:
    now_ns = transport.at_mono_ns + after_ns
    paused = transport.paused(now_ns)
    assert paused.position(now_ns + pause_ns) == transport.position(now_ns)
    again = paused.running(now_ns + pause_ns, transport.rate)
    run_ns = again.position(now_ns + pause_ns + 10**9) - transport.position(now_ns)
    assert abs(run_ns - 10**9 * transport.rate) <= 1


@given(transports, spans, walls)
def test_a_seek_is_there_at_once_and_keeps_the_rate(transport: Transport, after_ns: int, to_ns: int) -> None:
    now_ns = transport.at_mono_ns + after_ns
    sought = transport.sought(now_ns, to_ns)
    assert (sought.position(now_ns), sought.rate, sought.group) == (to_ns, transport.rate, transport.group)


@given(transports, st.integers(-DAY_NS, DAY_NS))
def test_the_moment_of_a_position_is_the_first_that_has_reached_it(transport: Transport, way_ns: int) -> None:
    assume(way_ns)
    position_ns = transport.base_ns + way_ns
    moment_ns = transport.mono_at(position_ns)
    at, before = transport.position(moment_ns), transport.position(moment_ns - 1)
    if transport.rate > 0:
        assert before < position_ns <= at
    else:
        assert at <= position_ns < before


@given(transports, spans, spans)
def test_time_runs_in_one_direction(transport: Transport, first_ns: int, more_ns: int) -> None:
    early = transport.position(transport.at_mono_ns + first_ns)
    late = transport.position(transport.at_mono_ns + first_ns + more_ns)
    assert (late - early) * transport.rate >= 0


@given(transports)
def test_it_crosses_a_process_boundary_unchanged(transport: Transport) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(transport), type=Transport) == transport


def test_a_transport_that_stands_still_reaches_nothing_else() -> None:
    with pytest.raises(ValueError, match="stands still"):
        Transport(group="g", base_ns=1, at_mono_ns=1, rate=0.0).mono_at(2)


@pytest.mark.parametrize("rate", [-8.1, 16.1, float("inf"), float("nan")])
def test_a_rate_that_is_not_meant_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="expected -8 to 16"):
        Transport(group="g", base_ns=1, at_mono_ns=1, rate=rate)
