"""What is open about a device, a camera, an alarm: the same as a walk over all incidents finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.casework import Clue
from console.model.citystate import CityState
from console.model.openabout import open_about
from console.model.state import apply

PLACE = Place(name=same_words("gate"), position=Position(lat=37.28, lon=127.01))
THINGS = ["CAM-1", "CAM-2", "LAMP-1", "LAMP-2", "A@1", "A@2"]


def clue(uid: str, device: str) -> Clue:
    return Clue(
        uid=uid, source="alarm", type="flood", at_ns=1, lat=37.28, lon=127.01, device_id=device,
    )  # fmt: skip


ids = st.sampled_from(["I1", "I2", "I3"])
uids = st.sampled_from(["A@1", "A@2", "c3"])
devices = st.sampled_from(["", "LAMP-1", "LAMP-2"])
happenings = st.one_of(
    st.builds(
        ev.CaseOpened, incident_id=ids, type=st.just("flood"), priority=st.just(1), grade=st.just("1"),
        place=st.just(PLACE), clue=st.builds(clue, uids, devices),
        camera_ids=st.sampled_from([(), ("CAM-1",), ("CAM-1", "CAM-2")]),
    ),
    st.builds(ev.ClueGathered, incident_id=ids, clue=st.builds(clue, uids, devices)),
    st.builds(ev.IncidentClosed, incident_id=ids, person=st.just("kim")),
    st.builds(
        ev.IncidentsMerged, kept_id=ids, other_id=ids, person=st.just("kim"), reason=st.just("same")
    ),
    st.builds(
        ev.IncidentSplit, incident_id=ids, new_id=st.sampled_from(["J1", "J2"]),
        uids=uids.map(lambda one: (one,)), person=st.just("kim"), reason=st.just("not the same"),
    ),
)  # fmt: skip


@given(st.lists(happenings, max_size=25))
def test_it_finds_what_a_walk_finds_and_keeps_nothing_of_what_is_closed(said: list[ev.AnyEvent]) -> None:
    state = CityState()
    opened: set[str] = set()
    for seq, event in enumerate(said, 1):
        # The hub never gives an id twice.
        new = getattr(event, "new_id", "") or (event.incident_id if isinstance(event, ev.CaseOpened) else "")
        if new and new in opened:
            continue
        opened.add(new)
        apply(state, ev.Entry(run="r", seq=seq, at_ns=seq, cause=ev.Cause(actor="hub"), event=event))
        for thing in THINGS:
            walked = {
                one.id for one in state.incidents.values()
                if one.stage != "closed" and thing in (*one.camera_ids, *one.device_ids, *one.alarm_ids)
            }  # fmt: skip
            assert {one.id for one in open_about(state, (thing,))} == walked
    gone = {one.id for one in state.incidents.values() if one.stage == "closed"}
    assert not any(gone & set(kept) for kept in state.open_about.values())
