"""Who may approve at a desk that drafted: persons with a code of their own, DIR/keys/approvers.toml.

The file keeps a salted scrypt hash of each code and is readable by its owner alone; no code is ever in a log,
on the record or in an argument.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from console.clock import SECOND_NS, Clock
from console.model.base import Record
from console.paths import private_folder, write_private
from console.rules.messages import CodeAnswer

LEAST_CODE, MOST_CODE = 6, 64
_COST, _BLOCK, _LANES = 2**13, 8, 1
"""scrypt: 8 MB and about 20 ms a try, which the hub can wait for and a guesser cannot."""


class ApproversError(Exception):
    """The file or a code cannot be used; says why."""


class _Approver(Record, frozen=True, kw_only=True):
    salt: str
    hash: str


class _File(Record, frozen=True, kw_only=True):
    approvers: dict[str, _Approver] = msgspec.field(default_factory=dict)


def _path(home: Path) -> Path:
    return home / "keys" / "approvers.toml"


def read_approvers(home: Path) -> dict[str, _Approver]:
    """By name as the person writes it. Raises ApproversError."""
    try:
        data = _path(home).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ApproversError(f"approvers.toml: cannot be read: {error.strerror}") from None
    try:
        return msgspec.toml.decode(data, type=_File).approvers
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ApproversError(f"approvers.toml: {error}") from None


def set_code(home: Path, person: str, code: str) -> None:
    """Give a person a code, in place of an earlier one. Raises ApproversError."""
    person = " ".join(person.split())
    if not person or len(person) > 80:
        raise ApproversError("expected a person's name of at most 80 characters")
    if not LEAST_CODE <= len(code) <= MOST_CODE:
        raise ApproversError(f"expected a code of {LEAST_CODE} to {MOST_CODE} characters")
    if len(set(code)) < 3:
        raise ApproversError("expected a code of at least three different characters")
    salt = secrets.token_bytes(16)
    told = _Approver(salt=salt.hex(), hash=_hash(code, salt))
    _write(home, {**read_approvers(home), person: told})


def remove(home: Path, person: str) -> bool:
    """Take a person's code away; False where there was none. Raises ApproversError."""
    known = read_approvers(home)
    if person not in known:
        return False
    del known[person]
    _write(home, known)
    return True


def _write(home: Path, known: Mapping[str, _Approver]) -> None:
    lines = ["# Who approves disaster messages by an own code. Made by `bongsu approver`."]
    for name in sorted(known):
        lines += [f"[approvers.{msgspec.json.encode(name).decode()}]"]
        lines += [f'salt = "{known[name].salt}"', f'hash = "{known[name].hash}"']
    private_folder(_path(home).parent)
    write_private(_path(home), ("\n".join(lines) + "\n").encode())


def _hash(code: str, salt: bytes) -> str:
    return hashlib.scrypt(code.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES).hex()


class CodeCheck:
    """Looks at codes for the hub. The file is read at each look: a code that was taken away is gone at once.
    One thread."""

    def __init__(self, home: Path, clock: Clock, tries: int, wait_s: float) -> None:
        self._home, self._clock = home, clock
        self._tries, self._wait_ns = tries, int(wait_s * SECOND_NS)
        self._wrong: dict[str, list[int]] = {}

    def __call__(self, desk: str, person: str, code: str) -> CodeAnswer:
        """Whether it is this person's code; an unknown person is answered as slowly as a wrong code."""
        now = self._clock.mono_ns()
        wrong = [one for one in self._wrong.get(desk, []) if now - one < self._wait_ns]
        if len(wrong) >= self._tries:
            self._wrong[desk] = wrong
            return "wait"
        try:
            known = {_plain(name): one for name, one in read_approvers(self._home).items()}
        except ApproversError:
            known = {}
        told = known.get(_plain(person))
        salt = bytes.fromhex(told.salt) if told is not None and _is_hex(told.salt) else b"\0" * 16
        right = hmac.compare_digest(_hash(code[:MOST_CODE], salt), told.hash if told is not None else "")
        if right and told is not None:
            self._wrong.pop(desk, None)
            return "right"
        self._wrong[desk] = [*wrong, now]
        return "wrong" if told is not None else "unknown"


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _is_hex(text: str) -> bool:
    try:
        bytes.fromhex(text)
    except ValueError:
        return False
    return True
