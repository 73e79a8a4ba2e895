"""Who is let in: so many in all, so many from one address, and again when one has gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.admission import Admission


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abc")), max_size=60))
def test_never_more_than_so_many_in_all_and_from_one_address(moves: list[tuple[bool, str]]) -> None:
    admission, inside, turned_away = Admission(4, 2, 1.0), [], 0
    for comes, address in moves:
        if comes:
            may = len(inside) < 4 and inside.count(address) < 2
            assert admission.take(address) is may
            inside += [address] if may else []
            turned_away += not may
        elif address in inside:
            inside.remove(address)
            admission.give_back(address)
        assert admission.is_empty is (not inside)
    assert admission.turned_away == turned_away
