"""Holds what a sender wrote down against what a partner wrote down: lost, doubled, silent.

The two sides write their records apart from each other, each as one JSON line at a time (`read_lines`), and
are only brought together here. The checker knows no state machine, so a fault of ours there is not hidden by
the same fault here. `bench handoff-chaos` gives it a run's two files; with the partner's idempotency key
switched off it must find duplicates, which a test proves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from console.clock import SECOND_NS
from console.model.base import Record

SenderDid = Literal[
    "queued", "receipt", "answered", "told", "called", "cancel_asked", "update_sent", "confirmed",
    "given_up", "rerouted",
]
"""queued: durable, the wait for an answer begins · receipt: of the request · answered: a statement of the
partner's person is on our disk (`what` says which) · told: a person was told, from then on it is not silent ·
called: a telephone call is on record · cancel_asked, update_sent: a further wait begins · confirmed: it is
over · given_up, rerouted: a person ended the wait."""

PartnerDid = Literal["case", "message", "said"]
"""case: a case was opened · message: a further message of ours is on its disk · said: a statement was made,
and is owed to us."""


class SenderLine(Record, frozen=True, kw_only=True):
    """One thing on the sender's own record. `at_ns` is of a clock that never goes back, `said_at_ns` of the
    partner's."""

    at_ns: int
    did: SenderDid
    key: str
    agency: str
    message_id: str = ""
    what: str = ""
    said_at_ns: int = 0


class PartnerLine(Record, frozen=True, kw_only=True):
    """One thing on the partner's own record. Its clock is not compared with ours."""

    at_ns: int
    did: PartnerDid
    key: str
    agency: str
    case_ref: str = ""
    message_id: str = ""
    what: str = ""


class Silence(Record, frozen=True, kw_only=True):
    """A wait that nobody was told of in time. `until_ns` is the end of the record where it never ended."""

    key: str
    what: str
    since_ns: int
    until_ns: int


class Checked(Record, frozen=True, kw_only=True):
    """What was found. Lists are sorted and complete; the run is good when all but `handoffs` are empty.

    lost: queued, and no case at the partner · receipt_without_case: confirmed to us, and no case there ·
    duplicates: keys with more than one case · shared: cases that hold more than one key · strangers: cases
    nobody handed off · unheard: statements (message ids) the partner made and we never wrote down · doubled:
    statements written down more than once · unsaid: statements we wrote down that the partner never made ·
    silent_over_60s: waits no person was told of in time.
    """

    handoffs: int
    lost: tuple[str, ...] = ()
    receipt_without_case: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    silent_over_60s: tuple[Silence, ...] = ()

    @property
    def good(self) -> bool:
        return not any(
            (self.lost, self.receipt_without_case, self.duplicates, self.shared, self.strangers,
             self.unheard, self.doubled, self.unsaid, self.silent_over_60s)
        )  # fmt: skip

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, as a bench says it."""
        return {
            "handoffs": self.handoffs, "lost": len({*self.lost, *self.receipt_without_case}),
            "duplicates": len({*self.duplicates, *self.shared}), "strangers": len(self.strangers),
            "unheard": len(self.unheard), "doubled": len(self.doubled), "unsaid": len(self.unsaid),
            "silent_over_60s": len(self.silent_over_60s),
        }  # fmt: skip


def check(
    sender: Iterable[SenderLine], partner: Iterable[PartnerLine], end_ns: int, longest_s: float = 60.0,
    look_s: float = 1.0,
) -> Checked:
    """Hold both records against each other. `end_ns` is the end of the run on the sender's clock.

    A wait may last `longest_s`, and `look_s` more until the next look. Records may come in any order.
    """
    ours = sorted(sender, key=lambda one: one.at_ns)
    theirs = list(partner)
    queued = {(one.key, one.agency) for one in ours if one.did == "queued"}
    given_up = {(one.key, one.agency) for one in ours if one.did == "given_up"}
    confirmed = {(one.key, one.agency) for one in ours if one.did == "receipt"}
    cases = Counter((one.key, one.agency) for one in theirs if one.did == "case")
    keys_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in theirs:
        if each.did == "case" and each.case_ref:
            keys_of[each.agency, each.case_ref].add(each.key)
    heard = Counter(one.message_id for one in ours if one.did == "answered" and one.what != "voice")
    said = {one.message_id for one in theirs if one.did == "said"}
    allowed_ns = int((longest_s + look_s) * SECOND_NS)
    return Checked(
        handoffs=len(queued),
        lost=_names(one for one in queued - given_up if not cases[one]),
        receipt_without_case=_names(one for one in confirmed if not cases[one]),
        duplicates=_names(one for one, count in cases.items() if count > 1),
        shared=tuple(sorted(ref for (_, ref), keys in keys_of.items() if len(keys) > 1)),
        strangers=_names(one for one in cases if one not in queued),
        unheard=tuple(sorted(said - set(heard))),
        doubled=tuple(sorted(one for one, count in heard.items() if count > 1)),
        unsaid=tuple(sorted(set(heard) - said)),
        silent_over_60s=tuple(_silences(ours, end_ns, allowed_ns)),
    )


_DECIDES = ("accepted", "refused", "assigned", "on_scene", "closed")


def _silences(ours: list[SenderLine], end_ns: int, allowed_ns: int) -> Iterator[Silence]:
    waiting: dict[tuple[str, str, str], int] = {}
    closed: set[tuple[str, str]] = set()
    last: dict[tuple[str, str], tuple[int, bool]] = {}  # the partner's last decision: when, was it a refusal

    def over(name: tuple[str, str, str], at_ns: int) -> Iterator[Silence]:
        since_ns = waiting.pop(name, None)
        if since_ns is not None and at_ns - since_ns > allowed_ns:
            yield Silence(key=name[0], what=name[2].partition(":")[0], since_ns=since_ns, until_ns=at_ns)

    for one in ours:
        at, thread = one.at_ns, (one.key, one.agency)
        if one.did == "queued":
            waiting.setdefault((*thread, "answer"), at)
        elif one.did in ("cancel_asked", "update_sent"):
            waiting.setdefault((*thread, f"{one.did}:{one.message_id}"), at)
        elif one.did == "confirmed":
            yield from over((*thread, f"update_sent:{one.message_id}"), at)
        elif one.did in ("told", "called", "given_up"):
            for name in [each for each in waiting if each[:2] == thread]:
                yield from over(name, at)
        elif one.did == "rerouted":
            yield from over((*thread, "reroute"), at)
        elif one.did == "answered":
            if one.what in _DECIDES:
                yield from over((*thread, "answer"), at)
            if one.what in ("cancel_accepted", "cancel_refused", "closed"):
                for name in [each for each in waiting if each[:2] == thread and "cancel" in each[2]]:
                    yield from over(name, at)
            if one.what in ("cancel_accepted", "transferred", "closed"):  # it is over, or with another
                yield from over((*thread, "answer"), at)
                yield from over((*thread, "reroute"), at)
            if one.what == "closed":
                closed.add(thread)
            decided = (one.said_at_ns, one.what == "refused")
            if one.what in _DECIDES and decided >= last.get(thread, decided):
                last[thread] = decided  # an older word that comes late decides nothing
                if one.what == "refused" and thread not in closed:
                    waiting.setdefault((*thread, "reroute"), at)
                elif one.what != "refused":
                    yield from over((*thread, "reroute"), at)
    for name in list(waiting):
        yield from over(name, end_ns)


def _names(found: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(key for key, _ in found))


class LinesError(ValueError):
    """A record that cannot be read; the text names the file and the line."""


L = TypeVar("L", SenderLine, PartnerLine)


def read_lines(path: Path, kind: type[L]) -> list[L]:
    """A side's record. The last line may be cut (its writer was killed); any other bad line is an error.

    Raises LinesError, OSError.
    """
    decoder = msgspec.json.Decoder(kind)
    lines = path.read_bytes().split(b"\n")
    found: list[L] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(decoder.decode(line))
        except (msgspec.DecodeError, ValueError) as error:
            if number == len(lines):
                break  # without its newline: it was being written
            raise LinesError(f"{path.name}: line {number}: {error}") from None
    return found


def line_of(record: SenderLine | PartnerLine) -> bytes:
    """One line of a record, with its newline: written at once, it is whole or the last."""
    return msgspec.json.encode(record) + b"\n"
