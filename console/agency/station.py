"""What the agency does with a message and what its people decide. No network: bytes in, status and
bytes out."""

from __future__ import annotations

import hashlib
import logging
import re
from typing import Literal

from msgspec.structs import replace

from console.agency.case import REACHES, Act, Case, CaseStage, may
from console.agency.store import Store, StoreError
from console.agency.tongue import Heard, ReadBack, Saying, Tongue, TongueError, tongue_of
from console.clock import Clock
from console.handoff.kinds import PartnerKind, partner_kinds
from console.handoff.profile import handoff_profile
from console.model.ladder import Said

_log = logging.getLogger("bongsu.agency")
_SAYS: dict[Act, Said] = {
    "open": "opened", "accept": "accepted", "refuse": "refused", "dispatch": "assigned",
    "arrive": "on_scene", "close": "closed", "transfer": "transferred", "note": "note", "read_back": "note",
    "cancel_accept": "cancel_accepted", "cancel_refuse": "cancel_refused",
}  # fmt: skip
_AGENCY = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
_LONGEST_WORDS, _LONGEST_UNIT = 2000, 60
BUSY = 503


class ActRefused(Exception):
    """What was asked cannot be done with this case now; the text says why."""


class Station:
    """One agency's control room. Used by one thread.

    `taken` and `again` count first and second deliveries; `version` grows with every change of a case.
    `knows_keys` False is a test's switch: each delivery makes a case, as if there were no key.
    """

    def __init__(
        self, store: Store, agency: str, sender: str, clock: Clock, kind: PartnerKind | None = None, *,
        knows_keys: bool = True,
    ) -> None:  # fmt: skip
        self._store = store
        self.agency = agency
        self.kind = kind or partner_kinds()[agency]
        self.tongue: Tongue = tongue_of(self.kind, agency, sender)
        self._sender = sender
        self._clock = clock
        self._knows_keys = knows_keys
        self.version = 0
        self.taken = 0
        self.again = 0
        self.refused = 0

    def take(self, body: bytes) -> tuple[int, bytes]:
        """A message of the console: HTTP status and the answer. What is answered 200 is on disk.

        The same message again gets the same answer and makes nothing; another message under the same name is
        refused. 503 where it cannot be kept now.
        """
        try:
            return self._take(body, self._clock.now_ns())
        except StoreError as error:
            _log.warning("a message could not be kept: %s", error)
            return BUSY, b""

    def refuse(self, status: int, body: bytes, problem: str) -> tuple[int, bytes]:
        """Keep a message that is not looked at any further, and the answer to it."""
        try:
            return self._refuse(status, body, None, problem, self._clock.now_ns())
        except StoreError:
            return BUSY, b""

    def _take(self, body: bytes, now_ns: int) -> tuple[int, bytes]:
        try:
            heard = self.tongue.read(body)
        except TongueError as error:
            return self._refuse(400, body, error.heard, str(error), now_ns)
        if heard.kind == "error":
            self._store.keep(heard, body, 202, b"", now_ns)
            return 202, b""
        before = self._store.seen(heard.name) if self._knows_keys or heard.kind != "request" else None
        if before is not None:
            if before.sha256 != hashlib.sha256(body).hexdigest():
                problem = f"identifier: {heard.name.identifier} came before with other content"
                return self._refuse(409, body, heard, problem, now_ns)
            self.again += 1
            return before.status, before.answer
        case = next((found for key in heard.keys if (found := self._store.case(key))), None)
        if heard.kind in ("update", "cancel"):
            return self._further(case, heard, body, now_ns)
        if case is not None and self._knows_keys:  # another message of the same key is the same case
            return self._further(case, heard, body, now_ns)
        number = self._store.next_number()
        answer = self.tongue.receipt(heard, heard.keys[0], number, now_ns)
        self._store.take(heard, body, number, answer, now_ns, once=case is None)
        self.taken += 1
        self.version += 1
        _log.info("case %s opened by %s", number, heard.name.identifier)
        return 200, answer

    def _further(self, case: Case | None, heard: Heard, body: bytes, now_ns: int) -> tuple[int, bytes]:
        """News of a case, or the wish to drop it. Where its case has not come yet it is to come again."""
        if case is None:
            return BUSY, b""
        answer = self.tongue.receipt(heard, case.key, case.number, now_ns)
        self._store.further(case, heard, body, answer, now_ns)
        self.version += 1
        _log.info("case %s: %s of the console", case.number, heard.kind)
        return 200, answer

    def act(
        self, name: str, act: Act, *, reason: str = "", words: str = "", unit: str = "", to_agency: str = "",
        read_back: ReadBack | None = None, copies: int = 1, late_s: float = 0.0,
    ) -> Case:  # fmt: skip
        """Do `act` with a case (its number or key) and owe the console the word of it, after `late_s`.

        Who accepts reads back what was understood. Raises ActRefused.
        """
        case = self._known(name)
        if act not in may(case):
            raise ActRefused(f"{case.number} is {case.stage}; {act} does not follow")
        if act == "refuse" and reason not in handoff_profile().reasons.known:
            raise ActRefused(f"a refusal needs a reason, one of {', '.join(handoff_profile().reasons.known)}")
        if act == "transfer" and (to_agency == self.agency or not _AGENCY.fullmatch(to_agency)):
            raise ActRefused("passing a case on needs the agency it goes to, and that is not this one")
        if act == "note" and not words.strip():
            raise ActRefused("a note says something: write the words first")
        then = case
        stage = REACHES.get(act)
        if stage is not None and not (act == "dispatch" and case.stage == "on_scene"):
            then = replace(then, stage=stage)
        if act == "refuse":
            then = replace(then, reason=reason)
        elif act == "dispatch":
            units = dict.fromkeys([*filter(None, case.unit.split(", ")), unit])
            then = replace(then, unit=", ".join(units))
        elif act == "transfer":
            then = replace(then, passed_to=to_agency)
        elif act in ("cancel_accept", "cancel_refuse"):
            then = replace(then, cancel="accepted" if act == "cancel_accept" else "refused")
        if read_back is None and act in ("accept", "read_back"):
            read_back = self.tongue.understood(case.body)
        return self._say(
            then, _SAYS[act], reason=reason if act == "refuse" else "", words=words, unit=unit,
            to_agency=to_agency, read_back=read_back, copies=copies, late_s=late_s,
            cancel=act in ("cancel_accept", "cancel_refuse"),
        )  # fmt: skip

    def say_anyway(
        self, name: str, said: Literal["assigned", "on_scene", "note"], words: str, unit: str = ""
    ) -> Case:
        """Say something that does not follow, as after the closing: a failure to show on purpose."""
        return self._say(self._known(name), said, words=words, unit=unit)

    def _say(
        self, case: Case, said: Said, *, reason: str = "", words: str = "",
        unit: str = "", to_agency: str = "", read_back: ReadBack | None = None, copies: int = 1,
        late_s: float = 0.0, cancel: bool = False,
    ) -> Case:  # fmt: skip
        now_ns = self._clock.now_ns()
        earlier = self._store.thread(case.number)
        count = 1 + sum(one.sender == self._sender for one in earlier)
        about = next((one for one in earlier if cancel and one.identifier == case.cancel_id), None)
        saying = Saying(
            said=said, identifier=f"{case.number}-{count}", at_ns=now_ns, key=case.key, number=case.number,
            body=case.body, earlier=tuple(earlier), about=about, reason=reason,
            words=words.strip()[:_LONGEST_WORDS], unit=unit[:_LONGEST_UNIT], to_agency=to_agency,
            read_back=read_back,
        )  # fmt: skip
        message, body = self.tongue.say(saying)
        told = ": ".join(part for part in (reason, unit, to_agency, saying.words) if part)
        try:
            self._store.act(
                case, said, message, body, told, now_ns, copies=copies,
                due_ns=now_ns + int(late_s * 1e9) if late_s else 0,
            )  # fmt: skip
        except StoreError as error:
            raise ActRefused(f"{case.number} stays as it is: {error}") from None
        self.version += 1
        _log.info("case %s: %s", case.number, said)
        return self._known(case.number)

    def _known(self, name: str) -> Case:
        case = self._store.case(name)
        if case is None:
            raise ActRefused(f"no case {name!r}")
        return case

    def standing(self) -> list[tuple[str, CaseStage]]:
        """(number, stage) of every case that is not over, oldest first."""
        return self._store.standing()

    def case(self, name: str) -> Case:
        """By number or key. Raises ActRefused for none."""
        return self._known(name)

    def cases(self) -> list[Case]:
        return self._store.cases()

    def _refuse(
        self, status: int, body: bytes, heard: Heard | None, problem: str, now_ns: int
    ) -> tuple[int, bytes]:
        answer = self.tongue.refusal(body, heard, problem, now_ns)
        self._store.keep(heard, body, status, answer, now_ns)
        self.refused += 1
        _log.info("a message was refused with %d: %s", status, problem)
        return status, answer

