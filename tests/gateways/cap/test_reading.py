"""CAP as strangers send it: read whole, or refused with cause, line and field; nothing harms the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.gateways.cap.alert import read_alert
from console.gateways.cap.figures import cap_figures
from console.gateways.cap.intake import Intake
from console.gateways.cap.refusing import NotTaken
from console.gateways.cap.sources import Source
from console.gateways.cap.tree import tree_of
from console.model.fact import WarningHeard
from console.model.warning import WarningMessage
from tests.gateways.cap.messages import AREA, NAMESPACE, alert, info

MOST = 1 << 20
NAMED = "<areaDesc>x</areaDesc>"
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "cap"


def read(data: bytes) -> WarningMessage:
    return read_alert(tree_of(data, MOST), "kma", "x.cap")[0]


def refused(data: bytes) -> NotTaken:
    with pytest.raises(NotTaken) as caught:
        read(data)
    return caught.value


class Desk:
    """An intake and what it told and refused."""

    def __init__(self, **source: object) -> None:
        self.told: list[WarningHeard] = []
        self.refused: list[tuple[str, str, int]] = []
        made = Source(id="kma", **source)  # type: ignore[arg-type]
        self.intake = Intake(made, self.told.append, lambda *one: self.refused.append(one))


def test_a_message_is_read_with_all_that_counts() -> None:
    body = info(language="ko-KR") + info(event="Heavy rain warning", language="en-US")
    found = read(alert(body=body))
    assert (found.sender, found.identifier) == ("kma@example.org", "KMA-1")
    assert (found.status, found.kind) == ("Actual", "Alert")
    assert found.sent_ns == 1_773_997_500 * 10**9
    assert [one.language for one in found.infos] == ["ko-KR", "en-US"]
    assert found.infos[0].areas[0].circles == ((37.27, 127.01, 20.0),)
    assert found.infos[0].areas[0].name == "수원시"


def test_cap_1_1_is_read_with_the_times_of_its_schema() -> None:
    found = read(alert(namespace=NAMESPACE.replace("1.2", "1.1"), sent="2026-03-20T09:05:00.250Z"))
    assert found.sent_ns == 1_773_997_500 * 10**9


def test_order_and_empty_optional_elements_are_no_reason_to_lose_a_warning() -> None:
    body = info().replace("<area>", "<web></web><expires/><area>").replace("<urgency>Expected</urgency>", "")
    found = read(alert(body=body.replace("<area>", "<urgency>Expected</urgency><area>")))
    assert found.infos[0].expires_ns == 0


def test_references_are_taken_apart() -> None:
    both = "a,1,2026-03-20T18:00:00+09:00 b,2,2026-03-20T18:01:00+09:00"
    found = read(alert(kind="Update", references=both))
    assert [(one.sender, one.identifier) for one in found.references] == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize(
    ("data", "cause", "line"),
    [
        (b'<!DOCTYPE alert SYSTEM "file:///etc/passwd"><alert/>', "hostile", 1),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<alert>&x;</alert>', "hostile", 1),
        (b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><alert>&b;</alert>',
         "hostile", 2),
        (b"<a>" * 60 + b"</a>" * 60, "hostile", 1),
        (b"<a>" * 5000 + b"</a>" * 5000, "hostile", 1),
        (b"<alert>" + b" " * (1 << 20) + b"</alert>", "too_large", 0),
        (b"<alert", "invalid", 1),
        (b"", "invalid", 0),
        (b"\x00\x01", "invalid", 1),
        (alert(namespace="urn:oasis:names:tc:emergency:cap:1.0"), "invalid", 2),
        (alert(status="Real"), "invalid", 6),
        (alert(kind="Alert", body=""), "invalid", 2),
        (alert(kind="Cancel", body=""), "invalid", 2),
        (alert(kind="Cancel", references="1 2 3", body=""), "invalid", 9),
        (alert(sent="2026-03-20T18:05:00"), "invalid", 5),
        (alert(sent="2026-02-30T18:05:00+09:00"), "invalid", 5),
        (alert(sent="0001-01-01T00:00:00+09:00"), "invalid", 5),
        (alert(body=info() + "<secret>1</secret>"), "invalid", 9),
        (alert(body=info().replace("<headline>", "<headline><b>x</b>")), "invalid", 9),
        (alert(body=info().replace("<severity>Severe</severity>", "")), "invalid", 9),
        (alert(body=info().replace("<category>Met</category>", "<category>War</category>")), "invalid", 9),
        (alert(body=info() * 61), "too_large", 9),
        (alert(body=info(f"{NAMED}</area><area>" * 1000 + NAMED)), "too_large", 9),
        (alert(body=info(f"{NAMED}<polygon>{'1,1 ' * 20_001}</polygon>")), "too_large", 9),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_with_its_cause_and_line(data: bytes, cause: str, line: int) -> None:
    problem = refused(data)
    assert (problem.cause, problem.line) == (cause, line)
    assert "\n" not in str(problem)
    assert len(str(problem)) < 300


@pytest.mark.parametrize(
    "shape",
    ["<polygon>37.2,127.0 37.3,127.0 37.3,127.1</polygon>",
     "<polygon>37.2,127.0 37.3,127.0 37.3,127.1 37.2,127.2</polygon>",
     "<polygon>91,0 1,0 1,1 91,0</polygon>", "<polygon>a,b c,d e,f a,b</polygon>",
     "<polygon>1,1 1,1 1,1 1,1</polygon>",
     "<polygon>1e9,0 1,0 1,1 1e9,0</polygon>", "<circle>37.2,127.0</circle>",
     "<circle>37.2,127.0 -1</circle>",
     "<circle>37.2 127.0 5</circle>", "<circle>nan,inf 5</circle>"],
)  # fmt: skip
def test_a_shape_that_cannot_be_drawn_is_left_out_told_and_makes_its_area_faulty(shape: str) -> None:
    message, faults = read_alert(tree_of(alert(body=info(NAMED + shape)), MOST), "kma", "x")
    (area,) = message.infos[0].areas
    assert area.faulty
    assert not area.polygons
    assert not area.circles
    assert [one.cause for one in faults] == ["bad_area"]
    assert faults[0].line == 9


def test_a_strangers_text_cannot_break_lines_or_turn_the_writing_around() -> None:
    body = info(event="비\u202e\u2028&#9;x").replace("<headline>", "<headline>a\nb&#x85;")
    found = read(alert(body=body)).infos[0]
    assert found.event == "비 x"
    assert "\n" not in found.headline


def test_a_long_description_is_cut_and_says_so() -> None:
    body = info().replace("<area>", f"<description>{'가' * 30_000}</description><area>")
    text = read(alert(body=body)).infos[0].description
    assert len(text) < cap_figures().most.text + 10
    assert text.endswith("[…]")


@given(st.binary(max_size=400))
def test_no_bytes_do_anything_but_be_refused(data: bytes) -> None:
    desk = Desk()
    desk.intake.take(data, "x.cap")
    assert desk.told == []
    assert len(desk.refused) == 1


@given(st.data())
def test_a_message_with_a_byte_changed_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    whole = bytearray(alert())
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    desk = Desk()
    desk.intake.take(bytes(whole), "x.cap")
    assert len(desk.told) + len(desk.refused) >= 1


def test_the_same_message_is_told_once_and_the_same_refusal_counted_once() -> None:
    desk = Desk()
    for _ in range(3):
        desk.intake.take(alert(), "x.cap")
        desk.intake.take(b"<a/>", "bad.cap")
    assert len(desk.told) == 1
    assert [cause for cause, _, _ in desk.refused] == ["invalid"]
    assert desk.refused[0][1].startswith("bad.cap: line 1")


def test_a_message_that_comes_to_too_much_for_the_hub_is_refused() -> None:
    long = "<description>" + "가" * 20_000 + "</description>"
    desk = Desk()
    desk.intake.take(alert(body=info().replace("<area>", long + "<area>") * 12), "x.cap")
    assert [cause for cause, _, _ in desk.refused] == ["too_large"]


def test_an_area_with_everything_in_it_is_read() -> None:
    shapes = "<polygon>37.2,127.0 37.3,127.0 37.3,127.1 37.2,127.0</polygon>"
    pair = "<geocode><valueName>ISO3166-2</valueName><value>KR-41</value></geocode>"
    (area,) = read(alert(body=info(AREA + shapes + pair))).infos[0].areas
    assert area.polygons == ((37.2, 127.0, 37.3, 127.0, 37.3, 127.1, 37.2, 127.0),)
    assert area.codes == (("ISO3166-2", "KR-41"),)


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real messages are not on this machine")
def test_every_real_message_and_feed_is_read_and_none_is_refused() -> None:
    told = {}
    for path in sorted(REAL.iterdir()):
        if path.suffix not in (".cap", ".atom", ".rss"):
            continue
        desk = Desk()
        linked = desk.intake.take(path.read_bytes(), path.name, "https://alerts.example.org/")
        assert desk.refused == []
        told[path.name] = (len(desk.told), len(linked), {one.message.signature for one in desk.told})
    assert told["canada_signed.cap"] == (1, 0, {"unknown"})
    assert told["earthquake-iso8859-1.cap"] == (1, 0, {"unknown"})
    assert told["weather.atom"] == (1, 0, {"none"})
    assert told["ny_index.rss"] == (0, 2, set())
    assert len(told) >= 8
