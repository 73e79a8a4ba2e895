"""For any message: what is built is valid and reads back the same; what the public schema refuses, so
do we.
"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from console.handoff.cap import (
    CapAlert,
    CapArea,
    CapError,
    CapInfo,
    CapPair,
    CapResource,
    build,
    parse,
    write_time,
)
from console.handoff.grammar import grammar
from tests.handoff.samples import answer, message, request

#: What XML 1.0 can carry, carriage returns apart: those a reader must turn into line feeds.
CARRIED = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff",
        include_characters="\t\n",
    ),
    max_size=80,
)  # fmt: skip
TIMES = st.builds(
    write_time,
    st.integers(0, 4_000_000_000_000_000_000),
    st.sampled_from(["UTC", "Asia/Seoul", "Europe/London"]),
)
MAYBE = st.one_of(st.just(""), CARRIED)
PAIRS = st.lists(st.builds(CapPair, value_name=CARRIED, value=CARRIED), max_size=3).map(tuple)


def one_of(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(grammar().enum[name])


AREAS = st.builds(
    CapArea, area_desc=CARRIED, polygon=st.lists(CARRIED, max_size=2).map(tuple),
    circle=st.lists(CARRIED, max_size=2).map(tuple), geocode=PAIRS,
    altitude=st.sampled_from(["", "12.5", "-3"]),
)  # fmt: skip
RESOURCES = st.builds(
    CapResource, resource_desc=CARRIED, mime_type=st.just("image/jpeg"),
    size=st.sampled_from(["", "0", "12345"]),
    uri=st.sampled_from(["", "https://console.invalid/clip/7?t=10%20s#a"]), digest=MAYBE,
)  # fmt: skip
INFOS = st.builds(
    CapInfo, language=st.sampled_from(["", "ko-KR", "en"]),
    category=st.lists(one_of("category"), min_size=1, max_size=3).map(tuple), event=CARRIED,
    response_type=st.lists(one_of("responseType"), max_size=2).map(tuple), urgency=one_of("urgency"),
    severity=one_of("severity"), certainty=one_of("certainty"), event_code=PAIRS,
    onset=st.one_of(st.just(""), TIMES),
    headline=MAYBE, description=MAYBE, contact=MAYBE, parameter=PAIRS,
    resource=st.lists(RESOURCES, max_size=2).map(tuple), area=st.lists(AREAS, max_size=2).map(tuple),
)  # fmt: skip
ALERTS = st.builds(
    CapAlert, identifier=CARRIED, sender=CARRIED, sent=TIMES, status=one_of("status"),
    msg_type=one_of("msgType"),
    source=MAYBE, scope=one_of("scope"), restriction=MAYBE, addresses=MAYBE,
    code=st.lists(CARRIED, max_size=3).map(tuple),
    note=MAYBE, references=MAYBE, incidents=MAYBE, info=st.lists(INFOS, max_size=2).map(tuple),
)  # fmt: skip


@given(ALERTS)
def test_any_message_reads_back_as_it_was_written(alert):
    assert parse(build(alert)) == alert


@pytest.mark.needs_shared_data
@given(ALERTS)
@settings(max_examples=60)
def test_any_message_we_write_is_valid_against_the_public_schema(valid, alert):
    assert valid(build(alert)) == ""


@st.composite
def spoilt(draw):
    """A good message with elements moved, doubled, dropped, renamed or filled with something else."""
    root = etree.fromstring(draw(st.sampled_from([message(), build(request()), build(answer("rejected"))])))
    for _ in range(draw(st.integers(1, 3))):
        elements = [one for one in root.iter() if one is not root]
        if not elements:
            break
        one = draw(st.sampled_from(elements))
        parent = one.getparent()
        how = draw(
            st.sampled_from(["drop", "double", "last", "first", "rename", "text", "attribute", "child"])
        )
        if how == "drop":
            parent.remove(one)
        elif how == "double":
            parent.insert(parent.index(one), etree.fromstring(etree.tostring(one)))
        elif how == "last":
            parent.append(one)
        elif how == "first":
            parent.insert(0, one)
        elif how == "rename":
            name = draw(st.sampled_from([row.name for rows in grammar().group.values() for row in rows]))
            one.tag = f"{{{grammar().namespace}}}{name}"
        elif how == "text":
            one.text = draw(
                st.sampled_from(
                    ["", " ", "Alert", "2026-03-20T24:00:00+09:00", "2026-13-01T00:00:00+09:00", "1e5", "a b"]
                )
            )
        elif how == "attribute":
            one.set("lang", "ko")
        else:
            etree.SubElement(one, draw(st.sampled_from(["x", f"{{{grammar().namespace}}}value"])))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@pytest.mark.needs_shared_data
@given(spoilt())
@settings(max_examples=300)
def test_what_the_public_schema_refuses_is_refused_here_too(valid, data):
    try:
        parse(data)
    except CapError:
        return  # stricter is allowed
    assert valid(data) == ""


@given(st.binary(max_size=400))
def test_no_bytes_do_worse_than_a_refusal(data):
    with pytest.raises(CapError):
        parse(data)


@given(st.data())
@settings(max_examples=200)
def test_a_message_with_wrong_bytes_in_it_is_read_or_refused_and_nothing_else(data):
    good = bytearray(message())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(good) - 1))
        good[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        alert = parse(bytes(good))
    except CapError:
        return
    assert parse(build(alert)) == msgspec.structs.replace(alert, signed=False)
