"""Which incidents are in the queue, and in which order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from console.model.incident import Incident
from tests.report.city import MARKET
from widgets.incidents.order import flashes, in_queue, moves, rank

STAGES = ("new", "acknowledged", "responding", "resolved", "closed")
incidents = st.builds(
    lambda number, stage, priority, opened: Incident(
        id=f"I{number}", type="smoke", priority=priority, place=MARKET, opened_at_ns=opened,
        changed_at_ns=opened, stage=stage,
    ),
    st.integers(0, 10**6), st.sampled_from(STAGES), st.integers(1, 4), st.integers(0, 50),
)  # fmt: skip


@given(st.lists(incidents, unique_by=lambda one: one.id, max_size=30))
def test_unacknowledged_come_first_then_priority_then_the_longest_wait(found: list[Incident]) -> None:
    ordered = sorted(found, key=rank)
    for above, below in pairwise(ordered):
        assert not (above.stage != "new" and below.stage == "new")
        if (above.stage == "new") == (below.stage == "new"):
            assert above.priority <= below.priority
            if above.priority == below.priority:
                assert above.opened_at_ns <= below.opened_at_ns
    assert len({rank(one) for one in found}) == len(found)


@given(incidents)
def test_only_an_unacknowledged_p1_or_p2_flashes(one: Incident) -> None:
    assert flashes(one) == (one.stage == "new" and one.priority in (1, 2))
    assert in_queue(one) == (one.stage not in ("resolved", "closed"))


@given(st.permutations(range(12)))
def test_the_moves_make_one_order_into_the_other(wanted: list[int]) -> None:
    present = [f"I{n}" for n in range(12)]
    target = [f"I{n}" for n in wanted]
    rows = list(present)
    for row, to in moves(present, target):
        rows.insert(to, rows.pop(row))
    assert rows == target


@given(st.integers(0, 49), st.integers(0, 49))
def test_one_row_that_changed_its_rank_is_one_move(row: int, to: int) -> None:
    present = [f"I{n}" for n in range(50)]
    target = list(present)
    target.insert(to, target.pop(row))
    assert len(moves(present, target)) == (0 if row == to else 1)
