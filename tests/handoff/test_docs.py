"""The reference page names everything the code says, so that a partner can build its side from it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from console.agency.command import _parser
from console.agency.script import Mode, Pace, Script
from console.handoff.cap import parse
from console.handoff.capthread import request_of
from console.handoff.draft import Caller, Evidence, Trend, draft_of
from console.handoff.kinds import partner_kinds
from console.handoff.profile import DoorLimits, Times, handoff_profile
from console.model.base import Words
from console.model.ladder import PartnerThread
from tests.handoff.samples import NOW_NS, SUWON, incident

REPO = Path(__file__).resolve().parents[2]
PAGE = (REPO / "docs" / "ref" / "handoff.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_code_reason_and_scale_is_on_the_page():
    profile = handoff_profile()
    for code in msgspec.to_builtins(profile.codes).values():
        assert code in NAMED, code
    for reason in profile.reasons.known:
        assert reason in NAMED, reason
    for scale in profile.priority.values():
        assert scale.name in NAMED


def test_every_limit_is_on_the_page_with_its_value():
    profile = handoff_profile()
    for part, kind in ((profile.times, Times), (profile.door, DoorLimits)):
        for name in kind.__struct_fields__:
            line = next(
                (one for one in PAGE.splitlines() if f"`{name}`" in one and one.startswith("| `")), ""
            )
            assert line, name
            assert f"{getattr(part, name):g}" in re.split(r"[|,\s]+", line), (name, line)


def test_every_element_and_parameter_we_write_is_on_the_page():
    said = Words(en="x", ko="x")
    evidence = Evidence(
        description=said, mime_type="image/png", uri="https://h/1", size=1, sha1="a", sha256="b"
    )
    trend = Trend(name=said, unit="cm", values=(1.0,), from_ns=0, until_ns=1)
    kind = partner_kinds()["KR-112"]
    draft = draft_of(
        incident(), "KR-112", SUWON, kind, "kim", "1", NOW_NS, stills=(evidence,), trends=(trend,),
        callers=(Caller(name="lee", number="1", at_ns=NOW_NS),),
    )  # fmt: skip
    thread = PartnerThread(
        id="K:1", key="K:1", incident_id="K", agency="KR-112", revision=1, person="kim",
        essence=draft.essence, drafted_ns=1, queued_ns=1,
    )  # fmt: skip
    data = request_of(draft, thread, kind, "console", NOW_NS)
    for element in set(re.findall(rb"<([A-Za-z]+)[ >]", data)) - {b"alert", b"valueName", b"value"}:
        assert element.decode() in NAMED, element
    info = parse(data).info[0]
    for pair in (*info.parameter, *info.event_code, *info.area[0].geocode):
        name = re.sub(r":.*", "", pair.value_name)
        assert any(one == name or one.startswith(f"{name}:") for one in NAMED), name


def test_every_option_mode_and_key_of_an_answers_file_is_on_the_page():
    for action in _parser()._actions:
        for option in action.option_strings:
            assert option in NAMED | {"-h", "--help"}, option
    for name in (*Mode.__args__, *Script.__struct_fields__, *Pace.__struct_fields__):
        assert name in NAMED, name


@pytest.mark.parametrize("status", [200, 202, 400, 403, 404, 408, 409, 413, 415, 429, 503])
def test_every_status_a_door_answers_is_on_the_page(status):
    assert re.search(rf"^\| .*\b{status}\b", PAGE, re.MULTILINE)
    source = "".join(
        (REPO / "console" / part).read_text()
        for part in ("handoff/door.py", "agency/front.py", "agency/station.py")
    )
    assert status == 200 or str(status) in source, "named on the page, but never answered"


def test_the_design_page_names_every_module():
    page = (REPO / "docs" / "design" / "handoff.md").read_text(encoding="utf-8")
    for heading in ("**Status:**", "**Goal", "**Non-goals", "## Alternatives"):
        assert heading in page
    for path in (REPO / "console" / "handoff").glob("*.py"):
        if path.stem not in ("__init__", "profile", "texts", "answer", "reports"):
            assert path.stem in page, path.stem
