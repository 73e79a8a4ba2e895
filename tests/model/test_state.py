"""The fold: a pure function of the entries, that never fails on a committed fact."""

from __future__ import annotations

from typing import get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from console.model import events as ev
from console.model import state as fold
from console.model.base import same_words
from console.model.casework import Clue
from console.model.citizenreport import ReportTold
from console.model.events.procedure import MoveKind
from console.model.footage import MaskZone
from console.model.gateway import GatewayReport
from console.model.handoff import LADDER
from console.model.layout import WallLayout
from console.model.picturerequest import PictureRequest, PictureWish, Share
from console.model.recording import RecorderReport
from console.model.share import AccessLine, ProvidedPicture, ShareRefused, ViewBegan, ViewEnded
from tests.fakes.town import place

WORDS = same_words("x")
WISH = PictureWish(
    message_id="m", service="s", purpose="p", legal_basis="b", position=place().position, radius_m=1.0,
    person="who",
)


def some_clues() -> st.SearchStrategy[Clue]:
    return st.builds(
        Clue, uid=st.sampled_from(["u1", "u2", "u3", "A1"]), source=st.sampled_from(["alarm", "report"]),
        type=st.just("flood"), at_ns=st.just(1), lat=st.just(37.0), lon=st.just(127.0),
    )  # fmt: skip


def some_events() -> st.SearchStrategy[ev.Event]:
    incident = st.sampled_from(["I1", "I2", "I3"])
    alarm = st.sampled_from(["A1", "A2"])
    handoff = st.sampled_from(["H1", "H2"])
    person = st.sampled_from(["Kim", "Lee"])
    share = st.sampled_from(["S1", "S2"])
    return st.one_of(
        st.builds(
            ev.IncidentOpened, incident_id=incident, type=st.just("flood"), priority=st.integers(1, 4),
            place=st.just(place()), reason=st.just(WORDS), alarm_id=st.one_of(st.just(""), alarm),
        ),
        st.builds(ev.IncidentExtended, incident_id=incident, reason=st.just(WORDS), alarm_id=alarm),
        st.builds(ev.IncidentAcknowledged, incident_id=incident, person=person),
        st.builds(ev.IncidentNoted, incident_id=incident, person=person, text=st.just("seen")),
        st.builds(ev.IncidentResolved, incident_id=incident, person=person, outcome=st.just("real")),
        st.builds(ev.IncidentClosed, incident_id=incident, person=person),
        st.builds(
            ev.CaseOpened, incident_id=incident, type=st.just("flood"), priority=st.integers(1, 4),
            place=st.just(place()), grade=st.just("1"), clue=some_clues(), reasons=st.just((WORDS,)),
            alarm_id=st.one_of(st.just(""), alarm), person=st.one_of(st.just(""), person),
            parent=st.one_of(st.just(""), incident),
        ),
        st.builds(
            ev.ClueGathered, incident_id=incident, clue=some_clues(), alarm_id=st.one_of(st.just(""), alarm)
        ),
        st.builds(ev.IncidentClaimed, incident_id=incident, person=person, desk=st.just("d")),
        st.builds(
            ev.IncidentTakenOver, incident_id=incident, person=person, desk=st.just("d"), from_person=person
        ),
        st.builds(ev.IncidentReleased, incident_id=incident, person=person),
        st.builds(
            ev.IncidentVerified, incident_id=incident, person=person, over=st.booleans(),
            verdict=st.sampled_from(["real", "false", "test"]),
        ),
        st.builds(ev.IncidentResponding, incident_id=incident, person=person, by=handoff),
        st.builds(
            ev.IncidentHeld, incident_id=incident, person=person, reason=st.just("r"),
            until_ns=st.just(2000),
        ),
        st.builds(ev.IncidentHoldEnded, incident_id=incident, person=st.one_of(st.just(""), person)),
        st.builds(
            ev.IncidentRegraded, incident_id=incident, person=person, grade=st.just("0"),
            priority=st.integers(1, 4), reason=st.just("r"),
        ),
        st.builds(
            ev.IncidentReclassified, incident_id=incident, person=person, before=st.just("flood"),
            type=st.just("smoke"), priority=st.integers(1, 4), grade=st.just("1"), reason=st.just("r"),
        ),
        st.builds(
            ev.IncidentEscalated, incident_id=incident, stage=st.just("new"), level=st.integers(1, 3),
            stage_since_ns=st.integers(1000, 1020), tell=st.just("desk"),
        ),
        st.builds(
            ev.IncidentsMerged, kept_id=incident, other_id=incident, person=person, reason=st.just("r")
        ),
        st.builds(
            ev.IncidentSplit, incident_id=incident, new_id=st.sampled_from(["I4", "I5"]), person=person,
            uids=st.sampled_from([("u1",), ("u1", "u2"), ()]), reason=st.just("r"),
            place=st.one_of(st.none(), st.just(place())),
        ),
        st.builds(ev.IncidentPutUnder, incident_id=incident, parent=st.one_of(st.just(""), incident)),
        st.builds(
            ev.AlarmRaised, alarm_id=alarm, limit_id=st.just("l"), point_index=st.just(0),
            device_id=st.just("d"), priority=st.just(1), place=st.just(place()), text=st.just(WORDS),
            value=st.floats(0, 9),
        ),
        st.builds(
            ev.ProcedureMoved, incident_id=incident, procedure=st.sampled_from(["fall@1.x", "fire@1.y"]),
            move=st.sampled_from(get_args(MoveKind)), at_ns=st.integers(1, 9),
            who=st.sampled_from(["person:Kim", "rule:procedure"]), step=st.sampled_from(["a", "b"]),
            round=st.integers(1, 2), text=st.just(WORDS), comment=st.sampled_from(["", "c"]),
        ),
        st.builds(
            ev.ProcedureNoticed, incident_id=incident, desk=st.just("desk-9"), person=person,
            until_ns=st.integers(1, 9),
        ),
        st.builds(ev.AlarmCleared, alarm_id=alarm, value=st.just(1.0)),
        st.builds(ev.AlarmAcknowledged, alarm_id=alarm, person=person),
        st.builds(
            ev.HandoffQueued, handoff_id=handoff, key=handoff, incident_id=incident,
            agency=st.just("KR-112"), revision=st.just(1), person=person, message_sha256=st.just("0"),
        ),
        st.builds(ev.HandoffSent, handoff_id=handoff, attempt=st.integers(1, 9)),
        st.builds(ev.HandoffReceived, handoff_id=handoff, agency_ref=st.just("77")),
        st.builds(ev.HandoffAccepted, handoff_id=handoff),
        st.builds(ev.HandoffRejected, handoff_id=handoff, reason=st.just("not-ours")),
        st.builds(ev.HandoffDispatched, handoff_id=handoff),
        st.builds(ev.HandoffArrived, handoff_id=handoff),
        st.builds(ev.HandoffClosed, handoff_id=handoff),
        st.builds(ev.HandoffStalled, handoff_id=handoff, reason=st.just(WORDS)),
        st.builds(
            ev.DeviceConditionChanged, device_id=st.just("d"), why=st.just(WORDS),
            condition=st.sampled_from(["up", "down", "degraded"]),
        ),
        st.builds(ev.DeskConnected, desk=st.just("desk-1"), person=person),
        st.builds(
            ev.ViewingStarted, desk=st.just("desk-1"), person=person, camera_ids=st.just(("c",)),
            purpose=st.just("patrol"),
        ),
        st.builds(
            ev.FootageLocked, lock_id=alarm, desk=st.just("desk-1"), person=person,
            camera_ids=st.just(("c",)), from_ns=st.just(1), to_ns=st.just(2), reason=st.just("r"),
        ),
        st.builds(
            ev.FootageUnlocked, lock_id=alarm, desk=st.just("desk-1"), person=person, reason=st.just("r")
        ),
        st.builds(
            ev.LayoutSaved, desk=st.just("desk-1"), person=person,
            layout=st.builds(WallLayout, id=alarm, name=st.just("n"), shape=st.sampled_from(["1x1", "1+5"])),
        ),
        st.builds(
            ev.FootageUnlocked, lock_id=incident.map("incident:{}".format), desk=st.just("desk-1"),
            person=person, reason=st.just("r"),
        ),
        st.builds(
            ev.RecorderChanged, recorder=st.just("recorder"),
            report=st.builds(
                RecorderReport, state=st.sampled_from(["recording", "stopped", "silent"]),
                cameras=st.just(2), recorded=st.integers(0, 2),
            ),
        ),
        st.builds(
            ev.FieldStateChanged, subject=st.sampled_from(["d", "d/level_m"]), rule=st.just("river"),
            state=st.sampled_from(["ordinary", "1-1"]), grade=st.just("note"), words=st.just(WORDS),
        ),
        st.builds(
            ev.GatewayChanged, gateway=st.just("gateway-mqtt"),
            report=st.builds(
                GatewayReport, kind=st.just("mqtt"),
                state=st.sampled_from(["up", "down", "stopped", "silent"]),
            ),
        ),
        st.builds(
            ev.ReportReceived, report_id=alarm, agency=st.just("roads"),
            duplicate_of=st.sampled_from(["", "A1"]),
            told=st.builds(
                ReportTold, token=alarm, service=st.just("water"), place=st.just(place()),
                text=st.sampled_from(["", "물"]), told_at_ns=st.just(1),
            ),
        ),
        st.builds(ev.ReportMatched, report_id=alarm, incident_id=incident, reason=st.just(WORDS)),
        st.builds(
            ev.ReportStatusChanged, report_id=alarm, stage=st.sampled_from(["acknowledged", "closed"]),
            text=st.just("t"), person=person,
        ),
        st.builds(
            ev.ReportContactRead, report_id=alarm, desk=st.just("desk-1"), person=person, purpose=st.just("p")
        ),
        st.builds(ev.LayoutDeleted, desk=st.just("desk-1"), person=person, layout_id=alarm),
        st.builds(
            ev.CityModeChanged, desk=st.just("desk-1"), person=person,
            mode=st.sampled_from(["", "flood"]),
        ),
        st.builds(
            ev.MasksSet, desk=st.just("desk-1"), person=person, camera_id=incident, reason=st.just("r"),
            zones=st.sampled_from([(), (MaskZone(name="z", points=((0.0, 0.5),) * 3),)]),
        ),
        st.builds(
            ev.MasksLifted, desk=st.just("desk-1"), person=person, camera_id=incident,
            until_ns=st.integers(900, 1100), reason=st.just("r"),
        ),
        st.builds(ev.DeskLeft, desk=st.just("desk-1"), person=person),
        st.builds(
            ev.TicketOpened, ticket_id=alarm, desk=st.just("desk-1"), person=person, contractor=st.just("c"),
            device_ids=st.just(("d",)), text=st.just("t"),
        ),
        st.builds(
            ev.TicketChanged, ticket_id=alarm, desk=st.just("desk-1"), person=person, text=st.just(""),
            stage=st.sampled_from(["accepted", "repaired", "closed", "rejected"]),
        ),
        st.builds(
            ev.DevicesRemoved, desk=st.just("desk-1"), person=person, device_ids=st.just(("d",)),
            reason=st.just("r"),
        ),
        st.builds(
            ev.RequestReceived,
            request=st.builds(
                PictureRequest, id=share, direction=st.just("inbound"), agency=st.just("KR-112"),
                wish=st.just(WISH), place=st.just(place()), at_ns=st.just(1),
            ),
        ),
        st.builds(
            ev.RequestRefused, request_id=share, code=st.just("radius"), reason=st.just(WORDS), person=person
        ),
        st.builds(ev.RequestCamerasChanged, request_id=share, cameras=st.just(()), person=person),
        st.builds(ev.RequestWithdrawn, request_id=share, reason=st.just("r")),
        st.builds(
            ev.ShareGranted,
            share=st.builds(
                Share, id=share, request_id=share, service=st.just("s"), agency=st.just("KR-112"),
                recipient=st.just("r"), viewer=st.just("v"), officer=st.just("o"), purpose=st.just("p"),
                legal_basis=st.just("b"), cameras=st.just(()), from_ns=st.just(1), until_ns=st.just(2),
                granted_ns=st.just(1), over_ns=st.just(0), over_why=st.just(""),
            ),
        ),
        st.builds(ev.ShareChanged, share_id=share, cameras=st.just(()), why=st.just("masks")),
        st.builds(ev.ShareRevoked, share_id=share, reason=st.just("r"), person=person),
        st.builds(
            ev.EvidenceProvided, handoff_id=handoff, incident_id=incident,
            picture=st.builds(
                ProvidedPicture, at_ns=st.integers(1, 9), name=st.sampled_from(["a.jpg", "b.mp4"]),
                camera_id=st.just("c"), form=st.just("still"), from_ns=st.just(1), to_ns=st.just(1),
                sha256=st.just("0"), size=st.just(1), agency=st.just("KR-112"), recipient=st.just("r"),
                officer=person, purpose=st.just("p"), legal_basis=st.just("b"), keep_until_ns=st.just(9),
                again=st.integers(0, 3),
            ),
        ),
        st.builds(ev.ShareEnded, share_id=share, why=st.just("until")),
        st.builds(
            ev.ShareAccessed,
            line=st.builds(
                AccessLine, seq=st.integers(1, 9),
                access=st.one_of(
                    st.builds(
                        ViewBegan, uid=share, at_ns=st.just(1), share_id=share, camera_id=st.just("c"),
                        form=st.just("live"), from_ns=st.just(1), to_ns=st.just(2), until_ns=st.just(2),
                        recipient=st.just("r"), viewer=st.just("v"), officer=st.just("o"),
                        purpose=st.just("p"), legal_basis=st.just("b"), masked=st.just(False),
                        mark=st.just("page"), address=st.just("a"),
                    ),
                    st.builds(
                        ViewEnded, uid=st.just("e"), at_ns=st.just(2), view_uid=share, share_id=share,
                        camera_id=st.just("c"), why=st.just("left"),
                    ),
                    st.builds(
                        ShareRefused, uid=st.just("x"), at_ns=st.just(2), why=st.just("unknown"),
                        address=st.just("a"), share_id=share,
                    ),
                ),
            ),
        ),
        st.builds(ev.DevicesReturned, desk=st.just("desk-1"), person=person, device_ids=st.just(("d",))),
    )


def log_of(said: list[ev.Event], run: str = "r", first: int = 1) -> list[ev.Entry]:
    return [
        ev.Entry(run=run, seq=first + at, at_ns=1000 + at, cause=ev.Cause(actor="hub"), event=event)
        for at, event in enumerate(said)
    ]


def folded(entries: list[ev.Entry]) -> fold.CityState:
    state = fold.CityState()
    for entry in entries:
        fold.apply(state, entry)
    return state


@given(st.lists(some_events(), max_size=40))
def test_equal_logs_give_equal_digests_also_after_the_wire(said):
    entries = log_of(said)
    decoder = msgspec.msgpack.Decoder(ev.Entry)
    through_the_wire = [decoder.decode(msgspec.msgpack.encode(one)) for one in entries]
    assert fold.digest(folded(entries)) == fold.digest(folded(through_the_wire))


@given(st.lists(some_events(), max_size=40), st.integers(0, 40))
def test_a_snapshot_and_the_rest_is_the_whole_log(said, cut):
    entries = log_of(said)
    snapshot = msgspec.msgpack.encode(folded(entries[:cut]))
    state = msgspec.msgpack.decode(snapshot, type=fold.CityState)
    for entry in entries[cut:]:
        fold.apply(state, entry)
    assert fold.digest(state) == fold.digest(folded(entries))


@given(st.lists(some_events(), max_size=40))
def test_the_state_says_the_same_under_other_numbers(said):
    assert fold.digest(folded(log_of(said))) == fold.digest(folded(log_of(said, run="other", first=500)))


@given(st.lists(some_events(), max_size=60))
def test_a_ladder_never_goes_down(said):
    state = fold.CityState()
    rungs: dict[str, int] = {}
    for entry in log_of(said):
        if isinstance(entry.event, ev.HandoffQueued):
            rungs.pop(entry.event.handoff_id, None)
        fold.apply(state, entry)
        for handoff in state.handoffs.values():
            if handoff.stage in LADDER:
                rung = LADDER.index(handoff.stage)
                assert rung >= rungs.get(handoff.id, 0)
                rungs[handoff.id] = rung


@given(st.lists(some_events(), max_size=60))
def test_an_alarm_is_kept_until_it_is_both_over_and_seen(said):
    state = fold.CityState()
    for entry in log_of(said):
        before = dict(state.alarms)
        fold.apply(state, entry)
        for alarm_id in before.keys() - state.alarms.keys():
            was = before[alarm_id].state
            ended = type(entry.event)
            assert (was, ended) in (("C", ev.AlarmCleared), ("D", ev.AlarmAcknowledged))


def test_a_partners_late_answer_after_a_stall_counts():
    queued = ev.HandoffQueued(
        handoff_id="H", key="H", incident_id="I", agency="KR-112", revision=1, person="Kim",
        message_sha256="0",
    )
    said: list[ev.Event] = [
        queued, ev.HandoffSent(handoff_id="H", attempt=1), ev.HandoffStalled(handoff_id="H", reason=WORDS),
        ev.HandoffSent(handoff_id="H", attempt=2), ev.HandoffReceived(handoff_id="H", agency_ref="77"),
        ev.HandoffAccepted(handoff_id="H"), ev.HandoffReceived(handoff_id="H", agency_ref="77"),
    ]
    handoff = folded(log_of(said)).handoffs["H"]
    assert handoff.stage == "accepted"
    assert [step.stage for step in handoff.steps][:4] == ["queued", "sent", "stalled", "sent"]
