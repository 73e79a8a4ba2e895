"""The demo's citizens are data that fits the cities they live in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from console.clock import SteppedClock
from console.demo.citizens import Citizens, _Sent, load_citizens
from console.gateways.story import StoryError, load_story
from console.model.citizenreport import CitizenReport, ReportTold
from console.model.commands import AnswerReport
from console.model.state import CityState
from console.profile import load_profile
from tests.fakes.town import place


@pytest.mark.parametrize(("story", "city"), [("suwon_dusk", "suwon"), ("glasgow_night", "glasgow")])
def test_the_shipped_stories_have_citizens_whose_services_ask_what_they_answer(story: str, city: str):
    profile = load_profile(city)
    told = load_citizens(story, profile)
    assert len(told) >= 8 and any(one.answers for one in told)
    for one in told:
        service = profile.reports.services[one.service]
        needed = {each.code for each in service.attributes if each.required}
        assert needed <= set(one.attributes) <= {each.code for each in service.attributes}
        assert one.at_s < load_story(story).duration_s


def test_a_story_without_a_file_has_none_and_a_wrong_one_is_named():
    profile = load_profile("suwon")
    assert load_citizens("nothing", profile) == ()
    with pytest.raises(StoryError, match=r"citizens/glasgow_night.toml: reports\[\d+\]: device"):
        small = SimpleNamespace(reports=profile.reports, devices={})
        load_citizens("glasgow_night", small)  # type: ignore[arg-type]


def test_the_operator_answers_when_it_is_due_and_not_what_a_person_finished(tmp_path):
    profile, clock = load_profile("suwon"), SteppedClock()
    told = load_citizens("suwon_dusk", profile)
    citizens = Citizens(tmp_path, profile, load_story("suwon_dusk"), told, 1.0, clock)
    first = next(one for one in told if one.answers)
    citizens._sent += [_Sent(number, first, clock.mono_ns()) for number in ("R-1", "R-2")]
    reports = {
        number: CitizenReport(
            id=number, received_at_ns=0, changed_at_ns=0, stage=stage,
            told=ReportTold(token="t", service=first.service, place=place(), told_at_ns=0, language="en"),
        )
        for number, stage in (("R-1", "received"), ("R-2", "closed"))
    }  # fmt: skip
    asked: list[AnswerReport] = []
    port = SimpleNamespace(request=asked.append)
    citizens.step(CityState(reports=reports), port)
    assert asked == []
    clock.step(first.answers[0].after_s + 0.1)
    citizens.step(CityState(reports=reports), port)
    answer = first.answers[0]
    assert asked == [AnswerReport(report_id="R-1", stage=answer.stage, text=answer.text.en)]
