"""What facts of the log are called, in a city's own names."""

from __future__ import annotations

import pytest

from console.language import load_catalogue
from console.model.procedure import FactName, fact_key
from console.report.procedurewords import because_words, fact_words
from tests.kit.sitting import suwon
from tests.report.city import small_city


@pytest.mark.parametrize(
    ("fact", "en", "ko"),
    [
        ("handoff_received/KR-119", "119 has received it", "119 수신 확인"),
        ("handoff_received", "the partner has received it", "기관 수신 확인"),
        ("control_effective/barrier/close", "measured: Barrier: Close", "측정값으로 확인: 차단기: 닫기"),
        (
            "control_done/lamp_dim/100", "the device says done: Brightness: 100 %",
            "장치 완료 응답: 밝기: 100 %",
        ),
        ("control_sent", "ordered: the device", "명령 전송: 장치"),
        ("alarms_over", "its alarms are over", "경보 해소"),
        ("dragons_seen", "dragons_seen", "dragons_seen"),
    ],
)
def test_a_fact_is_called_what_people_call_it(fact: str, en: str, ko: str) -> None:
    assert fact_words(load_catalogue("en"), suwon(), fact).lower() == en.lower()
    assert fact_words(load_catalogue("ko"), suwon(), fact) == ko


def test_every_fact_there_is_has_words() -> None:
    for name in FactName.__args__:  # type: ignore[attr-defined]
        assert fact_words(load_catalogue(), small_city(), fact_key(name)) != name


def test_time_and_earlier_work_are_said_too() -> None:
    say = load_catalogue()
    assert because_words(say, small_city(), "time") == "its time was over"
    assert because_words(say, small_city(), "earlier") == "done before"
    assert because_words(say, small_city(), "") == ""
