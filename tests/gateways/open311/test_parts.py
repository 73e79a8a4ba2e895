"""Keys, paces, lists, bodies, what waits and what is forgotten: each part of the server by itself."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from console.citizens.check import check_citizens
from console.citizens.contacts import ContactBook
from console.citizens.personal import without_contacts
from console.clock import SECOND_NS, SteppedClock
from console.gateways.open311 import bodies
from console.gateways.open311.apikeys import ApiKeyBook, ApiKeyError
from console.gateways.open311.config import ConfigError, load_config, tls_context
from console.gateways.open311.forgetting import due
from console.gateways.open311.mistakes import GeoError
from console.gateways.open311.pace import Pace
from console.gateways.open311.reportlist import ReportList, read_wanted
from console.gateways.open311.waiting import WaitingReports
from console.model.citizenreport import CitizenReport, ReportContact, ReportTold
from console.profile import load_profile
from tests.fakes.town import place

BOOK = load_profile("suwon").reports
assert BOOK is not None
NOW = 1_780_000_000 * SECOND_NS
DAY_NS = 86_400 * SECOND_NS
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def told(number: int, at_ns: int = NOW, text: str = "words", service: str = "litter") -> ReportTold:
    return ReportTold(
        token=f"token-{number:04d}", service=service, place=place(), text=text, told_at_ns=at_ns
    )


def report(number: int, **more: object) -> CitizenReport:
    at_ns = int(more.pop("at_ns", NOW))  # type: ignore[call-overload]
    made = CitizenReport(
        id=f"R-{number}", told=told(number, at_ns), received_at_ns=at_ns, changed_at_ns=at_ns
    )
    return replace(made, **more)


# keys


def test_a_key_is_told_once_kept_as_a_hash_and_can_be_taken_away(tmp_path: Path):
    book = ApiKeyBook(tmp_path)
    text = book.make("City app", NOW)
    path = tmp_path / "citizens" / "api_keys.json"
    assert path.stat().st_mode & 0o077 == 0
    assert text not in path.read_text() and text.partition(".")[2] not in path.read_text()
    other = ApiKeyBook(tmp_path)
    assert other.known(text) is None, "before it was checked once"
    found = other.check(text)
    assert found is not None and found.name == "City app" and other.known(text) == found
    assert other.check(text[:-1] + "x") is None and other.check("") is None and other.check("a.b") is None
    assert book.revoke(found.id) and not book.revoke(found.id)
    assert other.known(text) is None and other.check(text) is None


def test_a_file_of_keys_that_others_can_read_or_that_is_damaged_is_not_used(tmp_path: Path):
    book = ApiKeyBook(tmp_path)
    text = book.make("App", NOW)
    path = tmp_path / "citizens" / "api_keys.json"
    path.chmod(0o644)
    with pytest.raises(ApiKeyError, match="chmod 600"):
        ApiKeyBook(tmp_path).check(text)
    path.write_text("{")
    path.chmod(0o600)
    with pytest.raises(ApiKeyError, match="damaged"):
        ApiKeyBook(tmp_path).check(text)


# paces


def test_a_pace_lets_some_at_once_and_then_says_how_long_to_wait():
    clock = SteppedClock()
    pace = Pace(60.0, 3.0, 2, clock)
    assert [pace.take("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 0.9 < pace.take("a") <= 1.0 and pace.take("b") == 0.0
    clock.step(1.0)
    assert pace.take("a") == 0.0 and pace.wait_s("a") > 0.0


def test_a_pace_remembers_only_so_many_names():
    pace = Pace(1.0, 1.0, 100, SteppedClock())
    for number in range(1000):
        pace.take(str(number))
    assert len(pace._left) == 100


# configuration


def test_a_site_gives_some_figures_anew_and_a_wrong_one_is_named(tmp_path: Path):
    site = tmp_path / "site.toml"
    site.write_text("[limits]\nreports_per_key_per_minute = 5.0\n")
    assert load_config(site, port=0).limits.reports_per_key_per_minute == 5.0
    for text, said in (
        ("[limits]\nbody_bytes = -1\n", "body_bytes"), ("[limit]\n", r"\[limit\]"),
        ("[limits]\nbodybytes = 1\n", "bodybytes"), ("[", "site.toml"),
        ('[listen]\nhost = "0.0.0.0"\n', "only with listen.certificate"),
        ('[listen]\nhost = "here"\n', "listen.host"), ('[listen]\ncertificate = "a.pem"\n', "private_key"),
    ):  # fmt: skip
        site.write_text(text)
        with pytest.raises(ConfigError, match=said):
            load_config(site)


def test_a_certificate_that_is_not_there_or_open_to_others_is_said(tmp_path: Path):
    site = tmp_path / "site.toml"
    site.write_text('[listen]\ncertificate = "a.pem"\nprivate_key = "a.key"\n')
    with pytest.raises(ConfigError, match="not there"):
        tls_context(load_config(site))
    (tmp_path / "a.key").write_text("x")
    (tmp_path / "a.pem").write_text("x")
    (tmp_path / "a.key").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        tls_context(load_config(site))
    (tmp_path / "a.key").chmod(0o600)
    with pytest.raises(ConfigError, match="damaged"):
        tls_context(load_config(site))


# lists


def wanted(**fields: str):
    answers = load_config().answers
    return read_wanted({name: [value] for name, value in fields.items()}, BOOK, answers, NOW)


def listed(reports: list[CitizenReport], **fields: str) -> list[str]:
    known = ReportList()
    known.replace(reports)
    return [one.id for one in known.find(wanted(**fields))]


def test_without_a_filter_the_last_ninety_days_newest_first():
    old = report(1, at_ns=NOW - 91 * DAY_NS)
    assert listed([old, report(2), report(3)]) == ["R-3", "R-2"]


def test_filters_by_status_service_date_id_and_page():
    reports = [
        report(1, at_ns=NOW - 3 * DAY_NS), report(2, stage="closed"), report(3, stage="rejected"),
        report(4, told=told(4, service="smoke")),
    ]  # fmt: skip
    assert listed(reports, status="closed") == ["R-3", "R-2"]
    assert listed(reports, status="open") == ["R-4", "R-1"]
    assert listed(reports, status="open, closed", service_code="litter") == ["R-3", "R-2", "R-1"]
    assert listed(reports, service_request_id="R-2,R-9,R-1", status="open") == ["R-2", "R-1"]
    day = "2026-05-25T00:00:00Z"
    assert listed(reports, end_date="2026-05-26T12:00:00+09:00") == ["R-1"]
    assert listed(reports, start_date=day, page="2", page_size="1") == ["R-3"]
    assert listed(reports, updated_after="2026-05-28T00:00:00Z") == ["R-4", "R-3", "R-2"]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"status": "lost"}, 400, "status"), ({"service_code": "x"}, 404, "service_code"),
        ({"start_date": "yesterday"}, 400, "start_date"),
        ({"end_date": "2026-01-01T00:00:00"}, 400, "end_date"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-12-01T00:00:00Z"}, 400,
         "start_date, end_date"),
        ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400,
         "start_date, end_date"),
        ({"page": "0"}, 400, "page"), ({"page_size": "100000"}, 400, "page_size"),
        ({"page": "²"}, 400, "page"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_named(fields: dict[str, str], code: int, field: str):
    with pytest.raises(GeoError) as caught:
        wanted(**fields)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_what_the_hub_forgets_the_list_forgets():
    known = ReportList()
    known.replace([report(1), report(2)])
    known.put(report(3))
    known.keep_only({"R-2", "R-3"})
    assert known.by_id("R-1") is None and known.by_token("token-0001") is None and len(known) == 2


# bodies


def test_both_formats_say_the_same_and_hostile_text_is_escaped():
    from zoneinfo import ZoneInfo

    one = report(1, told=told(1, text="<b>&\x08 ]]> 010-1234-5678"), answer="Done", stage="closed")
    row = bodies.request_row(one, BOOK, {}, ZoneInfo("Asia/Seoul"), "ko")
    parsed = etree.fromstring(bodies.as_xml("service_requests", "request", [row]), PARSER)
    assert [each.tag for each in parsed[0]] == list(json.loads(bodies.as_json([row]))[0])
    assert parsed[0].findtext("description") == "<b>& ]]> ●●●"
    assert parsed[0].findtext("status") == "closed" and row["status_notes"] == "Done"
    assert row["requested_datetime"].endswith("+09:00") and row["expected_datetime"] is None


def test_a_definition_has_the_standards_elements_in_xml():
    row = bodies.definition(BOOK.services["lamp_out"], "en")
    parsed = etree.fromstring(bodies.definition_xml(row), PARSER)
    assert parsed.findtext("attributes/attribute/values/value/key") == "out"
    assert parsed.findtext("attributes/attribute/required") == "true"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("010-1234-5678", "●●●"), ("call +82 10 1234 5678 now", "call ●●● now"), ("a.b@c.example", "●●●"),
        ("0141 287 2000", "●●●"), ("house 12, 2026-05-01", "house 12, 2026-05-01"),
        ("37.2776 127.0166", "37.2776 127.0166"), ("정조로 280", "정조로 280"),
    ],
)  # fmt: skip
def test_numbers_and_addresses_in_texts_are_hidden_and_others_stay(text: str, shown: str):
    assert without_contacts(text) == shown


# the disk


def test_what_waits_is_on_disk_and_is_read_again(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    waiting = WaitingReports(tmp_path, 2)
    waiting.read()
    for number in (2, 1):
        waiting.keep(told(number, NOW + number))
    assert waiting.full
    again = WaitingReports(tmp_path, 2)
    assert [one.token for one in again.read()] == ["token-0001", "token-0002"]
    again.done("token-0001")
    (tmp_path / "citizens" / "waiting" / "token-0003.json").write_text("{")
    caplog.set_level(100)
    assert [one.token for one in WaitingReports(tmp_path, 2).read()] == ["token-0002"]
    assert (tmp_path / "citizens" / "refused" / "token-0003.json").exists()


def test_contact_data_is_read_by_nobody_else_and_a_name_of_a_file_is_never_a_path(tmp_path: Path):
    book = ContactBook(tmp_path)
    book.keep("token-0001", ReportContact(report_id="", phone="010"))
    path = tmp_path / "citizens" / "contacts" / "token-0001.json"
    assert path.stat().st_mode & 0o077 == 0 and book.read("token-0001").phone == "010"
    assert book.forget("token-0001") and not book.forget("token-0001")
    assert book.read("token-0001").problem == "deleted"
    path.write_text("{")
    assert book.read("token-0001").problem == "damaged"
    assert book.read("../../x").problem == "damaged"


def test_contact_data_goes_after_the_answer_or_after_the_longest_time():
    privacy = BOOK.privacy
    now_s = NOW / SECOND_NS
    kept = [(f"token-{number:04d}", now_s - days * 86_400) for number, days in
            ((1, 40), (2, 40), (3, 400), (4, 40), (5, 40))]  # fmt: skip
    reports = {
        "token-0001": report(1, at_ns=NOW - 40 * DAY_NS),
        "token-0002": report(2, stage="closed", changed_at_ns=NOW - 31 * DAY_NS),
        "token-0003": report(3, at_ns=NOW - 400 * DAY_NS),
        "token-0004": report(4, stage="closed", changed_at_ns=NOW - 29 * DAY_NS),
    }
    assert due(kept, (), reports.get, privacy, NOW) == ["token-0002", "token-0003", "token-0005"]
    assert due(kept, ("token-0005",), reports.get, privacy, NOW) == ["token-0002", "token-0003"]


def test_the_folder_of_contacts_is_closed_to_others(tmp_path: Path):
    ContactBook(tmp_path).keep("token-0001", ReportContact(report_id=""))
    for name in ("citizens", "citizens/contacts"):
        assert os.stat(tmp_path / name).st_mode & 0o077 == 0


def test_the_check_says_what_waits_what_was_refused_and_what_is_open_to_others(tmp_path: Path):
    assert list(check_citizens(tmp_path)) == []
    waiting = WaitingReports(tmp_path, 9)
    waiting.read()
    waiting.keep(told(1))
    (found,) = check_citizens(tmp_path)
    assert found.ok and found.detail.startswith("1 wait for the hub")
    path = tmp_path / "citizens" / "waiting" / "token-0001.json"
    os.utime(path, (1, 1))
    waiting.keep(told(2))
    waiting.refuse("token-0002")
    (tmp_path / "citizens").chmod(0o755)
    late, refused, opened = check_citizens(tmp_path)
    assert not late.ok and "the oldest" in late.detail and not refused.ok and refused.do
    assert opened.detail == "others may read citizens"
