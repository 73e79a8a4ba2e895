"""Official warnings: issued, updated, ended; what is old, a test, elsewhere, signed worse changes nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import events as ev
from console.model import state as fold
from console.model.fact import WarningHeard
from console.model.warning import WarningArea, WarningInfo, WarningMessage, WarningReference
from console.profile import ProfileError, load_profile, nearest_cameras
from console.rules.city import phrase_of
from console.rules.correlate.placing import city_placing
from console.rules.draft import NOTHING, Decision
from console.rules.triage import Triage
from console.rules.warnings import WarningRules, warning_figures

CITY = load_profile("suwon")
HOUR_NS = 3600 * SECOND_NS
NOW = 1_780_000_000 * SECOND_NS
HERE = WarningArea(name="수원시", circles=((37.27, 127.01, 20.0),))
BUSAN = WarningArea(name="부산", circles=((35.1, 129.0, 5.0),))


class Hub:
    """The rules with a folded state and a clock; what is decided is committed at once."""

    def __init__(self) -> None:
        triage = Triage(
            CITY, lambda where, count, _: nearest_cameras(CITY, where, count), phrase_of(load_catalogue()),
            city_placing(CITY),
        )
        self.rules = WarningRules(triage, CITY, warning_figures(incident_types=CITY.incident_types))
        self.state = fold.CityState(run="r", seq=0)
        self.now_ns = NOW

    def hears(self, message: WarningMessage) -> list[ev.AnyEvent]:
        fact = WarningHeard(uid=f"{message.id}/{message.sent_ns}", message=message)
        decided = self.rules.heard(self.state, "gateway-cap", fact, self.now_ns)
        assert not isinstance(decided, str), decided
        return self.commit(decided)

    def later(self, hours: float) -> list[ev.AnyEvent]:
        self.now_ns += int(hours * HOUR_NS)
        return self.commit(self.rules.expired(self.state, self.now_ns))

    def commit(self, decision: Decision) -> list[ev.AnyEvent]:
        for draft in decision.drafts:
            entry = ev.Entry(run="r", seq=self.state.seq + 1, at_ns=self.now_ns, cause=draft.cause,
                             event=draft.event)  # fmt: skip
            fold.apply(self.state, entry)
        return [draft.event for draft in decision.drafts]

    @property
    def standing(self) -> list[str]:
        return [one.message.identifier for one in self.state.warnings.values() if one.in_force]


def message(
    number: str = "1", kind: str = "Alert", refers: tuple[str, ...] = (), sent_h: float = 0.0,
    area: WarningArea = HERE, event: str = "호우주의보", severity: str = "Moderate", until_h: float = 6.0,
    **more: Any,
) -> WarningMessage:  # fmt: skip
    info = WarningInfo(
        language="ko-KR", event=event, headline=event, urgency="Expected", severity=severity,  # type: ignore[arg-type]
        certainty="Likely", areas=(area,), expires_ns=NOW + int(until_h * HOUR_NS) if until_h else 0,
        responses=more.pop("responses", ()),
    )  # fmt: skip
    fields: dict[str, Any] = {
        "sender": "kma@example.org", "identifier": number, "sent_ns": NOW + int(sent_h * HOUR_NS),
        "status": "Actual", "kind": kind, "scope": "Public", "source": "kma", "where": f"{number}.cap",
        "references": tuple(
            WarningReference(sender="kma@example.org", identifier=one, sent_ns=NOW) for one in refers
        ),
        "infos": () if kind == "Cancel" else (info,),
    }  # fmt: skip
    return WarningMessage(**{**fields, **more})


@pytest.fixture
def hub() -> Hub:
    return Hub()


def kinds(events: list[ev.AnyEvent]) -> list[str]:
    return [ev.kind_of(one) for one in events]


def why(events: list[ev.AnyEvent]) -> str:
    (event,) = events
    assert isinstance(event, ev.WarningSetAside)
    return event.why


def test_a_warning_for_the_city_stands_and_opens_the_incident_its_data_asks_for(hub: Hub) -> None:
    assert kinds(hub.hears(message())) == ["warning.issued", "case.opened"]
    (standing,) = hub.state.warnings.values()
    judged = standing.judged
    assert (judged.hazard, judged.level, judged.severity) == ("rain", 1, "Moderate")
    incident = hub.state.incidents[standing.incident_id]
    assert incident.type == "weather_warning"
    assert standing.id in incident.signal_uids


def test_the_same_message_again_or_an_older_word_of_it_is_no_news(hub: Hub) -> None:
    hub.hears(message())
    assert hub.hears(message()) == []
    assert hub.hears(message(sent_h=-1.0)) == []
    assert len(hub.state.warnings) == 1


def test_an_update_takes_the_place_of_what_it_names_and_extends_the_incident(hub: Hub) -> None:
    hub.hears(message("1"))
    hub.now_ns += HOUR_NS
    done = hub.hears(message("2", "Update", ("1",), sent_h=1.0, event="호우경보"))
    assert kinds(done) == ["warning.updated", "clue.gathered"]
    assert hub.standing == ["2"]
    assert hub.state.warnings["kma@example.org,2"].judged.level == 2
    assert hub.state.warnings["kma@example.org,2"].first_ns == NOW
    assert hub.state.warnings["kma@example.org,1"].ended_why == "replaced"


def test_a_cancel_ends_what_it_names_and_the_incident_is_told(hub: Hub) -> None:
    hub.hears(message("1"))
    done = hub.hears(message("2", "Cancel", ("1",), note="비 그침"))
    assert kinds(done) == ["warning.ended", "clue.gathered"]
    assert hub.standing == []
    (incident,) = hub.state.incidents.values()
    assert incident.reasons[-1].ko == "특보 해제: 호우주의보"


def test_an_alert_that_comes_after_its_own_cancel_is_not_news(hub: Hub) -> None:
    assert why(hub.hears(message("2", "Cancel", ("1",), sent_h=1.0))) == "unknown_reference"
    assert hub.hears(message("1")) == []
    assert hub.standing == []


def test_a_warning_ends_by_the_hubs_clock_with_the_latest_time_it_says(hub: Hub) -> None:
    hub.hears(message(until_h=6.0))
    assert hub.later(5.9) == []
    assert kinds(hub.later(0.2)) == ["warning.ended", "clue.gathered"]
    assert hub.later(1.0) == []


def test_one_without_an_end_stands_as_long_as_the_data_says(hub: Hub) -> None:
    hub.hears(message(until_h=0.0))
    assert hub.later(23.9) == []
    assert "warning.ended" in kinds(hub.later(0.2))


def test_what_is_over_when_it_comes_is_set_aside(hub: Hub) -> None:
    hub.now_ns += 10 * HOUR_NS
    assert why(hub.hears(message(until_h=6.0))) == "expired"
    assert hub.state.warnings_aside == {"expired": 1}


def test_another_place_is_counted_and_not_shown(hub: Hub) -> None:
    assert why(hub.hears(message(area=BUSAN))) == "elsewhere"
    assert hub.state.warnings == {}
    assert hub.state.incidents == {}


def test_an_update_that_leaves_the_city_ends_the_warning_here(hub: Hub) -> None:
    hub.hears(message("1"))
    (ended, _) = hub.hears(message("2", "Update", ("1",), sent_h=0.5, area=BUSAN))
    assert isinstance(ended, ev.WarningEnded)
    assert ended.why == "moved_away"


def test_all_clear_ends_it(hub: Hub) -> None:
    hub.hears(message("1"))
    done = hub.hears(message("2", "Update", ("1",), sent_h=0.5, responses=("AllClear",)))
    assert isinstance(done[0], ev.WarningEnded)
    assert done[0].why == "all_clear"


@pytest.mark.parametrize("status", ["Test", "System", "Draft"])
def test_tests_and_drafts_change_nothing_and_do_not_hide_a_real_one(hub: Hub, status: str) -> None:
    assert why(hub.hears(message("2", "Cancel", ("1",), status=status))) == "test"
    assert kinds(hub.hears(message("1")))[0] == "warning.issued"


def test_an_exercise_is_kept_as_one_opens_nothing_and_touches_nothing_real(hub: Hub) -> None:
    hub.hears(message("1"))
    assert kinds(hub.hears(message("9", status="Exercise"))) == ["warning.issued"]
    assert why(hub.hears(message("8", "Cancel", ("1",), status="Exercise"))) == "unknown_reference"
    assert hub.standing == ["1"]
    assert len(hub.state.incidents) == 1


def test_acks_and_errors_are_kept_on_the_record_only(hub: Hub) -> None:
    hub.hears(message("1"))
    assert why(hub.hears(message("2", "Ack", ("1",)))) == "ack"
    assert why(hub.hears(message("3", "Error", ("1",), note="bad"))) == "error"
    assert hub.standing == ["1"]


def test_what_was_signed_is_ended_only_by_what_is_signed_as_well(hub: Hub) -> None:
    hub.hears(message("1", signature="trusted"))
    assert why(hub.hears(message("2", "Cancel", ("1",)))) == "weaker_signature"
    assert hub.standing == ["1"]
    assert "warning.ended" in kinds(hub.hears(message("3", "Cancel", ("1",), signature="trusted")))


def test_another_sender_of_another_source_ends_nothing(hub: Hub) -> None:
    hub.hears(message("1"))
    foreign = message("2", "Cancel", ("1",), sender="somebody@example.org", source="other")
    assert why(hub.hears(foreign)) == "unknown_reference"
    assert hub.standing == ["1"]


def test_an_area_that_cannot_be_judged_is_shown_and_opens_no_incident(hub: Hub) -> None:
    assert kinds(hub.hears(message(area=WarningArea(name="?", faulty=True)))) == ["warning.issued"]
    (standing,) = hub.state.warnings.values()
    assert standing.judged.covered_by == "unclear"


def test_a_level_below_the_hazards_own_opens_no_incident(hub: Hub) -> None:
    assert kinds(hub.hears(message("1", event="폭염주의보"))) == ["warning.issued"]
    assert kinds(hub.hears(message("2", event="폭염경보"))) == ["warning.issued", "case.opened"]


@pytest.mark.parametrize(
    ("event", "severity", "hazard", "level"),
    [("호우경보", "Severe", "rain", 2), ("대설주의보", "Minor", "snow", 1),
     ("Flood Warning", "Moderate", "flood", 2),
     ("Yellow warning of wind", "Moderate", "wind", 1), ("Red Warning of wind", "Severe", "wind", 3),
     ("Office notice", "Extreme", "other", 3), ("지진해일경보", "Extreme", "tsunami", 2)],
)  # fmt: skip
def test_words_of_the_services_say_hazard_and_level(hub: Hub, event, severity, hazard, level) -> None:
    hub.hears(message(event=event, severity=severity))
    (standing,) = hub.state.warnings.values()
    assert (standing.judged.hazard, standing.judged.level) == (hazard, level)


def test_a_follower_that_folds_the_same_entries_has_the_same_state(hub: Hub) -> None:
    hub.hears(message("1"))
    hub.hears(message("2", "Update", ("1",), sent_h=0.1))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(hub.state), type=fold.CityState)
    assert fold.digest(again) == fold.digest(hub.state)
    assert again.warnings["kma@example.org,2"].replaces == ("kma@example.org,1",)


def test_nothing_is_decided_where_nothing_is_over(hub: Hub) -> None:
    assert hub.rules.expired(hub.state, NOW) in (NOTHING, Decision())


@pytest.mark.parametrize(
    "wrong",
    [message(sender=""), message(sent_ns=0), message(infos=()),
     message(area=WarningArea(name="x", polygons=((1.0, 2.0, 3.0),))),
     message(area=WarningArea(name="x", polygons=((float("nan"), 2.0) * 4,))),
     message(area=WarningArea(name="x", circles=((91.0, 0.0, 1.0),))),
     message(area=WarningArea(name="x", circles=((1.0, 0.0, float("inf")),)))],
)  # fmt: skip
def test_the_hub_refuses_what_no_gateway_of_ours_would_send(hub: Hub, wrong: WarningMessage) -> None:
    assert isinstance(hub.rules.heard(hub.state, "x", WarningHeard(uid="u", message=wrong), NOW), str)


def test_a_file_of_figures_that_names_an_unknown_type_is_refused() -> None:
    with pytest.raises(ProfileError, match="hazards"):
        warning_figures(incident_types=("something_else",))
