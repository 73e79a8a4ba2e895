"""Whatever comes, in whatever order, with whatever persons do: each clue is in exactly one incident."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.bench.correlate import wrong_pairs
from console.clock import SECOND_NS
from console.model.casework import Clue
from tests.rules.correlate.town import START_NS, clue, correlator

TYPES = st.sampled_from(
    ["person_down", "market_fire", "emergency_bell", "citizen_report", "wrong_way", "lamp_row",
     "device_fault", "underpass_flood", "river_stage", "weather_warning", "missing_person"]
)  # fmt: skip
METRES = st.integers(-3_000, 3_000)
DEVICES = st.sampled_from(["", "", "CAM-1", "LAMP-1", "LAMP-2"])


class Room(RuleBasedStateMachine):
    """Clues come, persons merge, split, link and close."""

    def __init__(self) -> None:
        super().__init__()
        self.town = correlator()
        self.sent: list[Clue] = []
        self.closed: Counter[str] = Counter()
        self.by_hand = False
        self.now_s = 0
        self.numbers = 0

    @rule(type_id=TYPES, east=METRES, north=METRES, after=st.integers(0, 1_500), late=st.integers(0, 600),
          device=DEVICES, camera=st.sampled_from(["", "", "CAM-EAST"]))  # fmt: skip
    def hear(self, type_id: str, east: int, north: int, after: int, late: int, device: str, camera: str):
        self.now_s += after
        one = clue(type_id, east // 10, north // 10, self.now_s - late, device_id=device, camera_id=camera)
        placed = self.town.place(one)
        self.sent.append(one)
        assert placed.how in ("opened", "joined", "repeated")
        assert placed.incident_id in self.town.open_ids
        assert placed.incident_id not in {offer.incident_id for offer in placed.offers}
        assert len(placed.reasons) > 0 or placed.how == "repeated"

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def hear_again(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.sent))
        if any(one in self.town.gathered(each) for each in self.town.open_ids):
            assert self.town.place(one).how == "known"

    @precondition(lambda self: len(self.town.open_ids) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, other = data.draw(st.permutations(self.town.open_ids))[:2]
        assert self.town.merge(one, other)
        self.by_hand = True

    @precondition(lambda self: self.town.open_ids)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.town.open_ids))
        uids = [each.uid for each in self.town.gathered(one)]
        going = data.draw(st.lists(st.sampled_from(uids), unique=True))
        self.numbers += 1
        assert self.town.split(one, f"S{self.numbers}", going) == (0 < len(going) < len(uids))

    @precondition(lambda self: len(self.town.open_ids) > 1)
    @rule(data=st.data())
    def put_under(self, data: st.DataObject) -> None:
        one, other = data.draw(st.permutations(self.town.open_ids))[:2]
        self.town.put_under(one, other)

    @precondition(lambda self: self.town.open_ids)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.town.open_ids))
        self.closed.update(each.uid for each in self.town.gathered(one))
        self.town.end(one, START_NS + self.now_s * SECOND_NS)

    @rule()
    def tidy(self) -> None:
        self.town.tidy(START_NS + self.now_s * SECOND_NS)

    @invariant()
    def each_clue_is_in_exactly_one_incident(self) -> None:
        where = Counter(each.uid for one in self.town.open_ids for each in self.town.gathered(one))
        assert where + self.closed == Counter(one.uid for one in self.sent)

    @invariant()
    def nothing_is_above_itself(self) -> None:
        for one in self.town.open_ids:
            above, steps = self.town.parent_of(one), 0
            while above:
                assert one in self.town.children_of(self.town.parent_of(one))
                above, steps = self.town.parent_of(above), steps + 1
                assert steps <= len(self.town.open_ids)

    @invariant()
    def rules_alone_make_no_wrong_merge(self) -> None:
        if not self.by_hand:
            assert sum(wrong_pairs(list(self.town.gathered(one))) for one in self.town.open_ids) == 0


TestRoom = Room.TestCase
TestRoom.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
