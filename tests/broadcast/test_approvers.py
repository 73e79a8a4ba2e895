"""Codes of who approves: never in a file as they are, looked at slowly, and not for ever."""

from __future__ import annotations

import io
import stat
import sys
from pathlib import Path

import pytest

from console.broadcast.approvers import (
    ApproversError,
    CodeCheck,
    read_approvers,
    remove,
    set_code,
)
from console.broadcast.command import run
from console.clock import SteppedClock


def test_a_code_is_known_again_by_whoever_has_it_and_by_no_other(tmp_path: Path):
    set_code(tmp_path, "Lee Yuna", "402711")
    check = CodeCheck(tmp_path, SteppedClock(), 5, 300.0)
    assert check("desk-1", "lee  yuna", "402711") == "right"
    assert check("desk-1", "Lee Yuna", "402712") == "wrong"
    assert check("desk-1", "Kim", "402711") == "unknown"
    path = tmp_path / "keys" / "approvers.toml"
    assert "402711" not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_after_some_wrong_codes_the_desk_waits_and_a_right_one_begins_anew(tmp_path: Path):
    set_code(tmp_path, "lee", "402711")
    clock = SteppedClock()
    check = CodeCheck(tmp_path, clock, 2, 300.0)
    assert [check("desk-1", "lee", "1")] == ["wrong"]
    assert check("desk-1", "lee", "402711") == "right"
    assert [check("desk-1", "lee", "1") for _ in range(2)] == ["wrong", "wrong"]
    assert check("desk-1", "lee", "402711") == "wait"
    assert check("desk-2", "lee", "402711") == "right", "another desk is not held up"
    clock.step(301)
    assert check("desk-1", "lee", "402711") == "right"


def test_a_code_that_was_taken_away_is_gone_at_once(tmp_path: Path):
    set_code(tmp_path, "lee", "402711")
    check = CodeCheck(tmp_path, SteppedClock(), 5, 300.0)
    assert remove(tmp_path, "lee")
    assert not remove(tmp_path, "lee")
    assert check("desk-1", "lee", "402711") == "unknown"


@pytest.mark.parametrize(("person", "code"), [("", "402711"), ("lee", "12345"), ("lee", "111111")])
def test_a_code_that_is_guessed_at_once_is_none(tmp_path: Path, person: str, code: str):
    with pytest.raises(ApproversError):
        set_code(tmp_path, person, code)


def test_a_broken_file_lets_nobody_approve(tmp_path: Path):
    set_code(tmp_path, "lee", "402711")
    path = tmp_path / "keys" / "approvers.toml"
    path.write_text(path.read_text("utf-8").replace('salt = "', 'salt = "zz'), "utf-8")
    check = CodeCheck(tmp_path, SteppedClock(), 5, 300.0)
    assert check("desk-1", "lee", "402711") == "wrong"
    path.write_text("[approvers", "utf-8")
    assert check("desk-1", "lee", "402711") == "unknown"
    with pytest.raises(ApproversError, match=r"approvers\.toml"):
        read_approvers(tmp_path)


def test_the_command_asks_for_the_code_and_never_says_it(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("402711\n"))
    assert run(["set", "Lee Yuna", "--home", str(tmp_path)]) == 0
    assert run(["list", "--home", str(tmp_path)]) == 0
    assert run(["set", "--home", str(tmp_path)]) == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n"))
    assert run(["set", "Kim", "--home", str(tmp_path)]) == 1
    assert run(["remove", "Lee Yuna", "--home", str(tmp_path)]) == 0
    assert run(["remove", "Lee Yuna", "--home", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "402711" not in said.out + said.err
    assert "Lee Yuna" in said.out
