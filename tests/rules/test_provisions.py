"""Pictures of hand-offs: the entry of the ledger of provisions, made before one leaves."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from console.clock import SECOND_NS
from console.handoff.thread.figures import ladder
from console.model import events as ev
from console.model import state as fold
from console.model.fact import EvidenceAsked
from console.model.share import Provision, provision_of
from console.profile import Profile, load_profile
from console.rules.draft import NOTHING, Decision
from console.rules.provisions import DAY_NS, decide_evidence, may_have
from tests.model.test_ladder_fold import AT_NS, DRAFTED, OPENED, QUEUED, folded

FIGURES = ladder().pictures
ASKED = EvidenceAsked(
    agency="KR-112", thread_id="I:KR-112:1", at_ns=AT_NS + 10 * SECOND_NS, name="CAM-1-7.mp4",
    camera_id="CAM-1", form="clip", from_ns=AT_NS, to_ns=AT_NS + 30 * SECOND_NS, sha256="ab" * 32, size=9,
    address="10.0.0.7",
)  # fmt: skip


@pytest.fixture(scope="module")
def city() -> Profile:
    return load_profile("suwon")


def provided(decision: Decision | None) -> ev.EvidenceProvided:
    assert decision is not None
    (draft,) = decision.drafts
    assert isinstance(draft.event, ev.EvidenceProvided)
    assert draft.cause.actor == "agency:KR-112"
    return draft.event


def after(state: fold.CityState, event: ev.EvidenceProvided) -> fold.CityState:
    entry = ev.Entry(run="r", seq=state.seq + 1, at_ns=AT_NS, cause=ev.Cause(actor="hub"), event=event)
    fold.apply(state, entry)
    return state


def test_an_entry_has_the_seven_fields_and_the_sender_is_the_officer(city: Profile) -> None:
    sent = msgspec.structs.replace(QUEUED, person="Lee")
    event = provided(decide_evidence(folded(OPENED, DRAFTED, sent), city, ASKED, FIGURES))
    assert provision_of(event.picture) == Provision(
        "CAM-1-7.mp4", "경기남부경찰청 112치안종합상황실", "112 인계 상황 대응",
        "개인정보 보호법 제18조제2항제3호(급박한 생명·신체·재산의 이익)",
        ASKED.at_ns, ASKED.at_ns + 30 * DAY_NS,
        "copy", "Lee",
    )  # fmt: skip
    assert (event.handoff_id, event.incident_id, event.picture.form) == ("I:KR-112:1", "I", "clip")
    assert (event.picture.sha256, event.picture.camera_id) == (ASKED.sha256, "CAM-1")


def test_the_same_piece_soon_after_is_no_further_entry_and_another_or_a_later_one_is(city: Profile) -> None:
    state = folded(OPENED, DRAFTED, QUEUED)
    after(state, provided(decide_evidence(state, city, ASKED, FIGURES)))

    def asked(at_s: float, **changes: str) -> EvidenceAsked:
        return msgspec.structs.replace(ASKED, at_ns=ASKED.at_ns + int(at_s * SECOND_NS), **changes)

    assert decide_evidence(state, city, asked(FIGURES.again_s - 0.1), FIGURES) is NOTHING
    provided(decide_evidence(state, city, asked(1, name="CAM-1-8.jpg"), FIGURES))
    provided(decide_evidence(state, city, asked(1, sha256="cd" * 32), FIGURES))
    provided(decide_evidence(state, city, asked(-1), FIGURES))
    assert provided(decide_evidence(state, city, asked(FIGURES.again_s), FIGURES, 4)).picture.again == 4


def test_a_draft_anothers_case_and_a_partner_without_a_basis_are_given_nothing(city: Profile) -> None:
    sent = folded(OPENED, DRAFTED, QUEUED)
    assert decide_evidence(folded(OPENED, DRAFTED), city, ASKED, FIGURES) is None
    assert decide_evidence(folded(OPENED), city, ASKED, FIGURES) is None
    other = msgspec.structs.replace(ASKED, agency="KR-119")
    assert decide_evidence(sent, city, other, FIGURES) is None
    assert city.linked is not None
    for linked in (msgspec.structs.replace(city.linked, handoffs={}), None):
        bare = replace(city, linked=linked)
        assert not may_have(bare, "KR-112")
        assert decide_evidence(sent, bare, ASKED, FIGURES) is None


@pytest.mark.parametrize("name", ["suwon", "glasgow"])
def test_every_partner_of_the_shipped_cities_has_its_basis(name: str) -> None:
    profile = load_profile(name)
    assert all(may_have(profile, agency) for agency in profile.agencies)
