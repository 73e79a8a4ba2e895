"""Tokens, grants and the folder they lie in: what is guessed, broken or revoked opens nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model.share import LONGEST_SHARE_NS, grant_problem, provision
from console.share.admission import STATUS, Whereabouts, may_enter, may_see
from console.share.command import run
from console.share.grants import (
    GrantBook,
    forget_others,
    looks_like_token,
    new_token,
    renew_grant,
    revoke_grant,
    revoked_in_file,
    token_digest,
    write_grant,
)
from tests.share.rig import CAMERA, grant, masked_camera, stretch

HERE = Whereabouts("10.1.2.3", "", "")
NOW = 1_774_000_000 * SECOND_NS


def at(now: int = NOW, **said: Any):
    told = {"from_ns": now - 60 * SECOND_NS, "until_ns": now + 60 * SECOND_NS, "granted_ns": now}
    return grant(**{**told, **said})[0]


def test_no_two_tokens_are_alike_and_each_has_256_bits():
    tokens = {new_token() for _ in range(2000)}
    assert len(tokens) == 2000 and all(looks_like_token(token) and len(token) == 43 for token in tokens)


def test_a_guess_finds_no_grant_and_the_token_finds_its_own(tmp_path: Path):
    book = GrantBook(tmp_path)
    made = [grant(id=f"S-{number}") for number in range(3)]
    for each, _ in made:
        write_grant(tmp_path, each)
    book.refresh()
    assert [book.find(token) for _, token in made] == [each for each, _ in made]
    assert book.find(made[0][0].token_sha256) is None, "what a thief reads in the file opens nothing"

    @given(guess=st.text(max_size=60) | st.binary(min_size=32, max_size=32).map(bytes.hex))
    def guessed(guess: str) -> None:
        assert book.find(guess) is None

    guessed()


@given(token=st.binary(min_size=32, max_size=32), place=st.integers(0, 42), letter=st.sampled_from("Az-_09"))
def test_a_token_with_one_letter_changed_is_another(token: bytes, place: int, letter: str):
    import base64

    text = base64.urlsafe_b64encode(token).rstrip(b"=").decode()
    other = text[:place] + letter + text[place + 1 :]
    assert (token_digest(other) == token_digest(text)) == (other == text)


@given(
    now=st.integers(0, 1 << 62), before=st.integers(-10, 10), after=st.integers(1, 10),
    revoked=st.none() | st.integers(0, 1 << 62), address=st.ip_addresses().map(str),
)  # fmt: skip
def test_nothing_opens_before_its_time_after_its_time_or_once_revoked(now, before, after, revoked, address):
    made = at(from_ns=now - before, until_ns=now - before + after, revoked_ns=revoked)
    refused = may_enter(made, Whereabouts(address, "", ""), now)
    assert (refused is None) == (revoked is None and made.from_ns <= now < made.until_ns)
    assert refused is None or refused in STATUS


@given(first=st.ip_addresses(v=4), then=st.ip_addresses(v=4))
def test_a_share_without_networks_is_of_its_first_address_and_one_with_them_of_theirs(first, then):
    free = at()
    assert may_enter(free, Whereabouts(str(first), "", ""), NOW) is None
    held = may_enter(free, Whereabouts(str(then), "", str(first)), NOW)
    assert held == (None if first == then else "elsewhere")
    bound = at(networks=("10.1.0.0/16",))
    inside = str(then).startswith("10.1.")
    for text in (str(then), f"::ffff:{then}"):
        assert (may_enter(bound, Whereabouts(text, "", str(first)), NOW) is None) == inside


def test_each_reason_to_show_nothing_has_its_word():
    def see(made, camera_id=CAMERA, form="live", from_ns=None, views=0):
        return may_see(made, HERE, NOW, camera_id, form, from_ns, views)

    made = at(recorded=stretch(100, 200))
    assert see(made) is None and see(made, form="recorded", from_ns=100) is None
    assert see(made, camera_id="CAM-2") == "camera"
    assert see(at(), form="recorded") == "form" and see(at(live=False, recorded=stretch(1, 2))) == "form"
    assert see(made, form="recorded", from_ns=200) == see(made, form="recorded", from_ns=99) == "stretch"
    assert see(made, views=4) == "too_many_views"
    assert see(at(cameras=masked_camera(), masks="refuse")) == "masked"
    assert see(at(cameras=masked_camera())) is None
    assert may_enter(at(certificate_sha256="ab" * 32), HERE, NOW) == "certificate"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"id": "../S"}, "id"), ({"id": ""}, "id"), ({"token_sha256": "AB" * 32}, "token_sha256"),
        ({"viewer": " "}, "viewer"), ({"legal_basis": ""}, "legal_basis"), ({"purpose": "a\nb"}, "purpose"),
        ({"recipient": "x" * 501}, "recipient"), ({"cameras": ()}, "cameras"),
        ({"cameras": masked_camera() * 2}, "cameras"), ({"live": False}, "live"),
        ({"most_views": 0}, "most_views"),
        ({"until_ns": NOW - 60 * SECOND_NS}, "until_ns"),
        ({"until_ns": NOW + LONGEST_SHARE_NS}, "until_ns"), ({"recorded": stretch(5, 5)}, "recorded"),
        ({"networks": ("10.1.2.3/8",)}, "networks[0]"), ({"networks": ("police",)}, "networks[0]"),
        ({"certificate_sha256": "x"}, "certificate_sha256"),
    ],
)  # fmt: skip
def test_a_grant_that_cannot_be_served_names_its_field(tmp_path: Path, said: dict[str, Any], field: str):
    made = at(**said)
    assert grant_problem(made).startswith(field)
    with pytest.raises(ValueError, match="expected"):
        write_grant(tmp_path, made)
    assert not (tmp_path / "share").exists()


def test_a_broken_file_is_no_grant_and_the_others_go_on(tmp_path: Path, expected_logs: Any):
    good, token = grant(id="S-good")
    write_grant(tmp_path, good)
    folder = tmp_path / "share" / "grants"
    text = (folder / "S-good.json").read_bytes()
    other = msgspec.json.encode(msgspec.structs.replace(good, id="S-other"))
    files = {
        "S-torn.json": text[:50], "S-wrong.json": other, "S-more.json": b'{"more": 1}', "S-open.json": text,
        "S-huge.json": b" " * 300_000, "S-bytes.json": b"\xff\xfe",
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o644 if name == "S-open.json" else 0o600)
    (folder / "S-link.json").symlink_to(folder / "S-good.json")
    expected_logs("Nothing is served by grant", count=7)
    book = GrantBook(tmp_path)
    for _ in range(3):
        book.refresh()
    assert set(book.problems) == {*files, "S-link.json"}
    assert book.find(token) == good and len(book.all()) == 1


def test_a_revocation_is_kept_and_says_by_whom_and_revoking_again_changes_nothing(tmp_path: Path):
    made, token = grant()
    write_grant(tmp_path, made)
    book = GrantBook(tmp_path)
    assert book.refresh() and not book.refresh()
    revoke_grant(tmp_path, made.id, "이민지", 5)
    revoke_grant(tmp_path, made.id, "other", 6)
    assert book.refresh()
    found = book.find(token)
    assert found is not None and (found.revoked_ns, found.revoked_by) == (5, "이민지")
    assert revoke_grant(tmp_path, "../../etc/passwd", "x", 1) is None
    (path,) = (tmp_path / "share" / "grants").glob("*.json")
    assert path.stat().st_mode & 0o077 == 0
    os.unlink(path)
    assert book.refresh() and book.find(token) is None


def test_the_command_lists_and_takes_back_and_grants_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    home = ["--home", str(tmp_path)]
    for name in ("S-1", "S-2"):
        write_grant(tmp_path, grant(id=name)[0])
    assert run([*home, "revoke", "S-1", "--by", "Lee"]) == 0
    assert run([*home, "revoke", "S-9", "--by", "Lee"]) == 1
    assert run([*home, "list"]) == 0
    said = capsys.readouterr().out
    assert "S-1  revoked" in said and "S-2  in force" in said
    with pytest.raises(SystemExit):
        run([*home, "grant", "C"])
    assert "grant" in capsys.readouterr().err, "nobody grants beside the record"


def test_a_grant_that_is_renewed_stays_revoked_and_what_is_not_on_the_record_goes(tmp_path: Path):
    made, _ = grant(id="S-1")
    write_grant(tmp_path, made)
    write_grant(tmp_path, grant(id="S-2")[0])
    revoke_grant(tmp_path, "S-1", "Lee", 5)
    assert revoked_in_file(tmp_path, "S-1") == "Lee" and revoked_in_file(tmp_path, "S-2") is None
    kept = renew_grant(tmp_path, msgspec.structs.replace(made, viewer="other"))
    assert (kept.viewer, kept.revoked_by, kept.revoked_ns) == ("other", "Lee", 5)
    assert forget_others(tmp_path, frozenset({"S-1"})) == ("S-2",)
    assert revoked_in_file(tmp_path, "S-9") is None and forget_others(tmp_path / "none", frozenset()) == ()


def test_the_seven_fields_come_from_the_record_of_a_view_alone():
    from console.model.share import ViewBegan

    view = ViewBegan(
        uid="u", at_ns=5, share_id="S-1", camera_id=CAMERA, form="recorded", from_ns=1, to_ns=2, until_ns=9,
        recipient="112", viewer="Kim", officer="Lee", purpose="p", legal_basis="b", masked=False, mark="page",
        address="10.0.0.1",
    )  # fmt: skip
    said = provision(view)
    assert said == (f"{CAMERA}/recorded/1-2", "112, Kim", "p", "b", 5, 9, "view", "Lee")
