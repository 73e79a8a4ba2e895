"""Reading and writing CAP 1.2: real messages are understood, hostile ones refused with line, field and
problem.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from console.handoff import rules
from console.handoff.cap import CapError, build, max_bytes, parse, read_time, split_reference, write_time
from tests.handoff.samples import answer, message, request

GOOD = build(request()).decode()


def refused(data: bytes | str) -> CapError:
    with pytest.raises(CapError) as caught:
        parse(data.encode() if isinstance(data, str) else data)
    return caught.value


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "type_", "infos", "signed"),
    [
        ("australia.cap", "Alert", 2, False),
        ("canada.cap", "Update", 2, False),
        ("canada_signed.cap", "Update", 2, True),
        ("earthquake-iso8859-1.cap", "Alert", 1, True),
        ("wcatwc-warning.cap", "Update", 1, False),
    ],
)
def test_real_alerts_of_four_countries_are_read_and_written_again_without_loss(
    name, type_, infos, signed, shared_data: Path, valid
):
    alert = parse((shared_data / "cap" / name).read_bytes())
    assert (alert.msg_type, len(alert.info), alert.signed) == (type_, infos, signed)
    written = build(alert)
    assert parse(written) == msgspec.structs.replace(alert, signed=False)
    assert valid(written) == ""
    assert rules.check(alert) == []


@pytest.mark.needs_shared_data
def test_what_is_not_cap_is_refused_by_its_root(shared_data: Path):
    for name in ("amber.atom", "weather.atom", "ny_index.rss", "cap11.xsd", "cap12.xsd"):
        error = refused((shared_data / "cap" / name).read_bytes())
        assert error.field == "alert"
        assert "not a CAP 1.2 alert" in error.problem


def test_korean_text_comes_through_unchanged():
    alert = parse(message(text="팔달문 앞 쓰러진 사람, 의식 없음 – “급함”"))
    assert "팔달문 앞 쓰러진 사람, 의식 없음 – “급함”" in alert.info[0].description


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("<identifier>SW-000001:KR-112:1</identifier>", "", "identifier", "is missing in alert"),
        ("+09:00</sent>", "Z</sent>", "sent", "is not a time"),
        ("+09:00</sent>", ".5+09:00</sent>", "sent", "is not a time"),
        ("+09:00</sent>", "+15:00</sent>", "sent", "offset that does not exist"),
        ("2026-03-20T18", "2026-02-30T18", "sent", "is not a day and time that exists"),
        ("2026-03-20T18", "２０２６-03-20T18", "sent", "is not a time"),
        ("<status>Exercise", "<status>exercise", "status", "is not one of Actual, Exercise"),
        ("<status>Exercise", "<status> Exercise", "status", "is not one of Actual, Exercise"),
        ("<category>Health</category>", "", "category", "is missing in info"),
        ("<category>Health", "<category>Healthy", "category", "is not one of Geo"),
        ("<event>", "<event><b>x</b>", "event", "holds elements"),
        ("<urgency>", "<surprise>1</surprise><urgency>", "surprise", "is not an element of info"),
        ("<urgency>", "<area><areaDesc>x</areaDesc></area><urgency>", "urgency", "is missing"),
        ("<scope>Private</scope>", "<scope>Private</scope><scope>Private</scope>", "scope", "occurs twice"),
        ("<scope>", "<note>x</note><scope>", "scope", "is missing"),
        ("</incidents>", "</incidents><note>x</note>", "note", "stands in the wrong place"),
        ("<scope>Private</scope>", "<scope>Private</scope>stray", "alert", "text between"),
        ("<status>", '<status kind="x">', "kind", "is an attribute"),
        ("<value>1</value>", "", "value", "is missing in eventCode"),
        ("ko-KR", "한국어", "language", "is not a language"),
        ("<event>", '<event xmlns="urn:other">', "{urn:other}event", "not of the CAP 1.2 namespace"),
    ],
)
def test_a_wrong_message_is_refused_by_line_field_and_problem(old, new, field, problem):
    assert GOOD.count(old) >= 1
    error = refused(GOOD.replace(old, new, 1))
    assert error.field == field
    assert problem in error.problem
    assert error.line > 0
    assert str(error).startswith(f"line {error.line}: {field}: ")


def test_the_line_named_is_the_line_of_the_fault():
    lines = GOOD.splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "<msgType>" in line)
    assert refused(GOOD.replace("<msgType>Alert", "<msgType>Alarm")).line == at


ENTITIES = '<!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HOSTILE = {
    "a document type": GOOD.replace("<alert", "<!DOCTYPE alert><alert", 1),
    "a bomb of entities": GOOD.replace("<alert", f"{ENTITIES}<alert", 1).replace("Private", "&b;"),
    "a file as an entity": GOOD.replace(
        "<alert", '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert', 1
    ).replace("쓰러진 사람", "&x;"),
    "an address as an entity": GOOD.replace(
        "<alert", '<!DOCTYPE alert [<!ENTITY x SYSTEM "http://192.0.2.1/x">]><alert', 1
    ),
    "an external document type": GOOD.replace(
        "<alert", '<!DOCTYPE alert SYSTEM "http://192.0.2.1/x.dtd"><alert', 1
    ),
    "a document type behind a comment": GOOD.replace(
        "<alert", "<!-- - --><?x y?>\n<!DOCTYPE alert><alert", 1
    ),
    "a lower-case document type": GOOD.replace("<alert", "<!doctype alert><alert", 1),
    "an entity nobody defined": GOOD.replace("쓰러진 사람", "&x;"),
    "a deep nest": f"<?xml version='1.0'?>{'<a>' * 5000}{'</a>' * 5000}",
    "a deep nest in a signature": GOOD.replace(
        "</alert>", f"<S xmlns='http://www.w3.org/2000/09/xmldsig#'>{'<a>' * 5000}{'</a>' * 5000}</S></alert>"
    ),
    "an early end": GOOD[:-20],
    "two roots": GOOD + "<alert/>",
    "nothing": "",
    "blanks": " \n\t ",
    "no XML": "HTTP/1.1 200 OK",
    "JSON": '{"alert": 1}',
    "CAP 1.1": GOOD.replace("cap:1.2", "cap:1.1"),
    "no namespace": GOOD.replace(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', ""),
    "XML 1.1": GOOD.replace("version='1.0'", "version='1.1'"),
    "a control character": GOOD.replace("쓰러진 사람", "\x08"),
    "a referenced control character": GOOD.replace("쓰러진 사람", "&#8;"),
    "a signature in the middle": GOOD.replace(
        "<info>", "<S xmlns='http://www.w3.org/2000/09/xmldsig#'/><info>"
    ),
    "an include": GOOD.replace(
        "<event>쓰러진 사람</event>",
        '<event><include xmlns="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></event>',
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_refused(name):
    refused(HOSTILE[name])


@pytest.mark.parametrize("name", [one for one in HOSTILE if "document type" in one or "as an entity" in one])
def test_a_document_type_is_refused_before_any_parser_sees_it(name, monkeypatch):
    monkeypatch.setattr(
        "console.handoff.prologue.etree.fromstring", lambda *args: pytest.fail("it was parsed")
    )
    assert refused(HOSTILE[name]).field == "DOCTYPE"


HOSTILE_BYTES = {
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16 without its mark": GOOD.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "UTF-7": GOOD.replace("UTF-8", "UTF-7").encode(),
    "an unknown encoding": GOOD.replace("UTF-8", "EBCDIC-CP-KR").encode(),
    "CP949 that says UTF-8": GOOD.encode("cp949"),
    "broken UTF-8": GOOD.encode()[:-200] + b"\xff\xfe" + GOOD.encode()[-200:],
    "overlong UTF-8": GOOD.encode().replace(b"Private", b"\xc0\xbcrivate"),
    "zeros": b"\0" * 100,
    "a gzip": b"\x1f\x8b\x08" + b"x" * 50,
    "too much": b"<?xml version='1.0'?><a>" + b"x" * max_bytes() + b"</a>",
}


@pytest.mark.parametrize("name", HOSTILE_BYTES)
def test_hostile_bytes_are_refused(name):
    refused(HOSTILE_BYTES[name])


def test_a_latin_1_message_is_read_in_its_own_encoding():
    text = GOOD.replace("UTF-8", "ISO-8859-1").replace("쓰러진 사람", "Épée")
    assert parse(text.encode("latin-1")).info[0].event == "Épée"


def test_a_comment_cannot_split_a_value_in_two():
    """Two readers must not see two senders in one message."""
    assert parse(GOOD.replace("<sender>console", "<sender>con<!-- x -->sole").encode()).sender == "console"


def test_a_megabyte_of_opening_tags_is_refused_by_its_depth():
    assert "depth" in refused("<?xml version='1.0'?>" + "<a>" * 300_000).problem


def test_text_is_quoted_short_and_on_one_line_in_an_error():
    error = refused(GOOD.replace("<status>Exercise", f"<status>{'x' * 900}\n\n"))
    assert len(str(error)) < 250
    assert "\n" not in str(error)


def test_a_message_that_breaks_the_structure_is_not_built():
    for changes in ({"status": "Real"}, {"sent": "2026-03-20T18:46:40Z"}, {"note": "a\x00b"}):
        with pytest.raises(CapError):
            build(request(**changes))


def test_the_same_message_has_the_same_bytes():
    assert build(request()) == build(request())


@pytest.mark.needs_shared_data
def test_what_is_built_is_valid_against_the_public_schema(valid):
    for alert in (
        request(),
        *(answer(one) for one in ("received", "accepted", "rejected", "dispatched", "closed")),
    ):
        assert valid(build(alert)) == ""


@pytest.mark.needs_shared_data
def test_the_public_schema_takes_what_only_our_rules_refuse(valid):
    """The reason why there are rules besides the schema."""
    for alert in (
        answer(references=""), request(addresses=""), request(scope="Restricted", addresses=""),
        answer(msg_type="Error", note=""),
    ):  # fmt: skip
        assert valid(build(alert)) == ""
        assert rules.check(alert)


@pytest.mark.parametrize(
    ("at_ns", "zone", "text"),
    [
        (1_774_000_000_999_999_999, "UTC", "2026-03-20T09:46:40-00:00"),
        (1_774_000_000_000_000_000, "Asia/Seoul", "2026-03-20T18:46:40+09:00"),
        (1_774_000_000_000_000_000, "Europe/London", "2026-03-20T09:46:40+00:00"),
        (1_785_000_000_000_000_000, "Europe/London", "2026-07-25T18:20:00+01:00"),
        (0, "UTC", "1970-01-01T00:00:00-00:00"),
    ],
)
def test_times_are_whole_seconds_with_a_numeric_offset(at_ns, zone, text):
    assert write_time(at_ns, zone) == text
    assert read_time(text) == at_ns // 1_000_000_000 * 1_000_000_000


@pytest.mark.parametrize(
    "text", ["a,b", "a,b,c", ",b,2026-03-20T18:46:40+09:00", "a,b,2026-03-20T18:46:40+09:00,d", ""]
)
def test_a_reference_is_three_parts_or_an_error(text):
    with pytest.raises(ValueError, match=r"is not"):
        split_reference(text)
