"""What the agency does with a message and what its people decide. No network: bytes in, status and
bytes out."""

from __future__ import annotations

import hashlib
import logging

from console.agency import voice
from console.agency.case import ACTS, REACHES, Act, Case, CaseStage
from console.agency.store import Store
from console.clock import Clock
from console.handoff import rules
from console.handoff.cap import CapAlert, CapError, build, parse
from console.handoff.profile import handoff_profile

_log = logging.getLogger("bongsu.agency")


class ActRefused(Exception):
    """What was asked cannot be done with this case now; the text says why."""


class Station:
    """One agency's control room. Used by one thread.

    `taken` and `again` count first and second deliveries; `version` grows with every change of a case.
    """

    def __init__(self, store: Store, agency: str, sender: str, clock: Clock) -> None:
        self._store = store
        self.agency = agency
        self._sender = sender
        self._clock = clock
        self.version = 0
        self.taken = 0
        self.again = 0
        self.refused = 0

    def take(self, body: bytes) -> tuple[int, bytes]:
        """A message of the console: HTTP status and the CAP answer. What is answered 200 is on disk.

        The same message again gets the same answer and makes nothing; another message under the same name is
        refused.
        """
        now_ns = self._clock.now_ns()
        message: CapAlert | None = None
        try:
            message = parse(body)
            problem = self._problem(message)
        except CapError as error:
            problem = str(error)
        if problem or message is None:
            return self._refuse(400, body, message, problem, now_ns)
        if message.msg_type == "Error":
            self._store.keep(message, body, 202, b"", now_ns)
            return 202, b""
        before = self._store.seen(message.sender, message.identifier)
        if before is not None:
            if before.sha256 != hashlib.sha256(body).hexdigest():
                problem = f"identifier: {message.identifier} came before with other content"
                return self._refuse(409, body, message, problem, now_ns)
            self.again += 1
            return before.status, before.answer
        number = self._store.next_number()
        answer = voice.receipt(message, number, self._sender, now_ns)
        self._store.take(message, body, number, answer, now_ns)
        self.taken += 1
        _log.info("case %s opened by %s", number, message.identifier)
        self.version += 1
        return 200, answer

    def act(
        self, key: str, act: Act, *, reason: str = "", words: str = "", unit: str = "", copies: int = 1
    ) -> Case:
        """Do `act` with a case and owe the console the word of it. Raises ActRefused."""
        case = self._store.case(key)
        if case is None:
            raise ActRefused(f"no case {key!r}")
        if act not in ACTS[case.stage]:
            raise ActRefused(f"{case.number} is {case.stage}; {act} does not follow")
        if act == "refuse" and reason not in handoff_profile().reasons.known:
            raise ActRefused(f"a refusal needs a reason, one of {', '.join(handoff_profile().reasons.known)}")
        stage, now_ns = REACHES[act], self._clock.now_ns()
        note = ": ".join(part for part in (reason if act == "refuse" else "", unit, words) if part)
        answer = voice.progress(case, stage, note, self._store.thread(key), self._sender, now_ns)
        self._store.act(
            case, stage, answer, build(answer), now_ns, reason=reason if act == "refuse" else "", unit=unit,
            copies=copies,
        )  # fmt: skip
        self.version += 1
        _log.info("case %s: %s", case.number, act)
        changed = self._store.case(key)
        if changed is None:
            raise ActRefused(f"case {key!r} vanished from the store")
        return changed

    def standing(self) -> list[tuple[str, CaseStage]]:
        """(key, stage) of every case that is not over, oldest first."""
        return self._store.standing()

    def cases(self) -> list[Case]:
        return self._store.cases()

    def _problem(self, message: CapAlert) -> str:
        problems = rules.check_handoff(message)
        if message.addresses.split() != [self.agency]:
            problems.append(f"addresses: {message.addresses[:60]!r} is not {self.agency}")
        if message.msg_type not in ("Alert", "Error"):
            problems.append(f"msgType: a hand-off is an Alert, not {message.msg_type}")
        return "; ".join(problems[:5])

    def _refuse(
        self, status: int, body: bytes, message: CapAlert | None, problem: str, now_ns: int
    ) -> tuple[int, bytes]:
        answer = voice.error(body, message, problem, self._sender, now_ns)
        self._store.keep(message, body, status, answer, now_ns)
        self.refused += 1
        _log.info("a message was refused with %d: %s", status, problem)
        return status, answer
