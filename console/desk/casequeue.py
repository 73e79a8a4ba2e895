"""Every incident the desk knows in the order of the queue, kept up for what changed. Qt-free; UI thread.

Nothing here looks at all incidents at once: a snapshot is read in shares of a pulse, then each entry of the
log touches what it names, and a slow round looks for what no entry named.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Literal, get_args

import numpy as np

from console.desk.board import Board
from console.desk.casecolumns import CaseColumns
from console.desk.textbook import TextBook
from console.model.base import Words
from console.model.casework import Case
from console.model.incident import Incident
from console.model.threadstanding import is_unanswered
from console.rules.casework.claims import AMBER, Standing
from console.rules.casework.figures import CaseworkFigures, casework_figures
from console.rules.casework.queue import Line
from console.rules.casework.standingorder import Key, StandingOrder

__all__ = ["ABNORMAL", "AMBER", "ENDED", "CaseQueue", "Key", "Line", "Standing"]

ENDED = 10**9
"""First part of the key of what no longer asks for anybody: below all that does, the newest first."""
RUN = 2_000
"""So many keys are sorted in a step while a snapshot is read: a millisecond or two."""
SAMPLES = 8
_ID = itemgetter(-1)
ROUND = 2_000
"""So many are looked at each second for a change that no entry named."""
OVER = object()
NOTHING: tuple[Case | None, Incident | None] = (None, None)
NAMES = ("incident_id", "kept_id", "other_id", "new_id", "parent")
ABNORMAL = ("rejected", "stalled")
"""Stages of a hand-off that somebody must do something about."""
LinkKind = Literal["parent", "reopens", "split_from", "merged_into"]
LINKS: tuple[LinkKind, ...] = get_args(LinkKind)
LINKED_BACK = {"parent": "part", "reopens": "reopened_by", "split_from": "split_off", "merged_into": "merged"}


class CaseQueue:
    """`keys` are all cases, sorted, and `slots` the slot of each in `columns` and `texts`; `follow` brings
    them up to date within a budget of time.
    """

    def __init__(self, board: Board, told: CaseworkFigures | None = None) -> None:
        self._board = board
        self.told = told if told is not None else casework_figures()
        self.keys: list[Key] = []
        self.slots = array("i")
        self._key: dict[str, Key] = {}
        self._seen: dict[str, tuple[Case, Incident | None]] = {}
        self.columns = CaseColumns()
        self.texts = TextBook()
        """What a search looks through, in both languages, folded to small letters."""
        self._said: dict[tuple[str, str, int], str] = {}
        """The part of it that says type, owner and priority."""
        self._ended: set[str] = set()
        self._links: dict[str, set[tuple[str, LinkKind]]] = {}
        self._dirty: dict[str, None] = {}
        self._stale: dict[str, None] = {}
        self._changed: set[str] = set()
        self.readings = 0
        """How often a whole state was read; then everything may stand elsewhere."""
        self._round: deque[str] = deque()
        self._gone_round: deque[str] = deque()
        """For what is known here and no longer in the state."""
        self._snapshots, self._news, self._state = board.snapshots, board.news_count, board.state
        self._order = StandingOrder(self.told, board.profile.country)
        self._loading: Iterator[None] | None = self._load()

    # --- keeping up -------------------------------------------------------------------------------------

    def follow(self, budget_ms: float = 4.0) -> None:
        """Take what the board has heard since the last time, for at most `budget_ms`; the rest waits."""
        board = self._board
        until_ns = board.clock.mono_ns() + int(budget_ms * 1e6)
        fresh = board.news_count - self._news
        if board.snapshots != self._snapshots or fresh > len(board.news) or board.state is not self._state:
            self._anew()
        else:
            self._news = board.news_count
            for entry in islice(board.news, len(board.news) - fresh, None):
                self._touch(entry.event)
        while self._loading is not None:
            if next(self._loading, OVER) is OVER:
                self._loading = None
            if board.clock.mono_ns() > until_ns:
                return
        while self._dirty:
            case_id = next(iter(self._dirty))
            del self._dirty[case_id]
            self._take(case_id)
            if board.clock.mono_ns() > until_ns:
                break
        self._order.look(board.clock.now_ns())
        self._place_changed(until_ns)

    def look_around(self) -> None:
        """Once a second: a share of the slow round; nothing while a snapshot is read."""
        if self._loading is not None:
            return
        cases, incidents = self._board.state.cases, self._board.state.incidents
        if not self._round:
            self._round.extend(cases)
        for _ in range(min(ROUND, len(self._round))):
            case_id = self._round.popleft()
            case, incident = self._seen.get(case_id, NOTHING)
            if cases.get(case_id) is not case or incidents.get(case_id) is not incident:
                self._dirty[case_id] = None
        if not self._gone_round:
            self._gone_round.extend(self._key)
        for _ in range(min(ROUND, len(self._gone_round))):
            case_id = self._gone_round.popleft()
            if case_id not in cases:
                self._dirty[case_id] = None

    @property
    def behind(self) -> int:
        """How many incidents of a snapshot could not be read yet."""
        return len(self._board.state.cases) - len(self._key) if self._loading is not None else 0

    @property
    def reading(self) -> bool:
        """Whether a snapshot is not read to its end."""
        return self._loading is not None

    @property
    def unfinished(self) -> bool:
        """Whether `follow` has to be called again though nothing new was heard."""
        return self._loading is not None or bool(self._dirty or self._stale)

    def changed(self) -> set[str]:
        """What stands elsewhere or says something else since this was asked last."""
        found, self._changed = self._changed, set()
        return found

    def mark(self, case_id: str) -> None:
        """Have it looked at again by whoever asks for what changed."""
        self._changed.add(case_id)

    # --- what is known ----------------------------------------------------------------------------------

    def case(self, case_id: str) -> Case | None:
        """The case as the state has it."""
        return self._board.state.cases.get(case_id)

    def key(self, case_id: str) -> Key | None:
        """Where it stands in `keys`."""
        return self._key.get(case_id)

    def line(self, case_id: str) -> Line | None:
        """Why it stands there; None for what is closed, merged or not known."""
        return self._order.line(case_id) if case_id in self._order else None

    def standing(self, case_id: str) -> Standing:
        """How its claim stands."""
        return self._order.standing(case_id)

    def amber(self, case_id: str) -> bool:
        """Whether whoever has it does nothing."""
        return self._order.standing(case_id) in AMBER

    def waits(self, case_id: str) -> bool:
        """Whether a partner does not answer."""
        return self._order.waits(case_id)

    def whole(self, case_id: str) -> str:
        """What it is a part of; itself where it is not a part of anything that is open."""
        return self._order.whole(case_id) if case_id in self._order else case_id

    def parts(self, case_id: str) -> tuple[str, ...]:
        """The open parts of it, the most urgent first."""
        return self._order.parts(case_id)

    def part_count(self, case_id: str) -> int:
        """How many open parts it has."""
        return self._order.part_count(case_id)

    def ended(self, case_id: str) -> bool:
        """Whether it no longer asks for anybody."""
        return case_id in self._ended

    @property
    def worked(self) -> int:
        """How many still ask for somebody."""
        return len(self._key) - len(self._ended)

    def linked(self, case_id: str) -> list[tuple[str, str]]:
        """(how, incident) of all that this one is linked with: parent, reopens, split_from and merged_into as
        its own record says; part, reopened_by, split_off and merged as the others' do."""
        case = self.case(case_id)
        found: list[tuple[str, str]] = []
        if case is not None:
            found += [(kind, getattr(case, kind)) for kind in LINKS if getattr(case, kind)]
        for other_id, kind in sorted(self._links.get(case_id, ())):
            other = self.case(other_id)
            if other is not None and getattr(other, kind) == case_id:
                found.append((LINKED_BACK[kind], other_id))
        return found

    def worked_ids(self) -> Iterator[str]:
        """Those that still ask for somebody, in order."""
        for key in self.keys:
            if key[0] == ENDED:
                return
            yield key[-1]

    def new_from(self, after: Key | None) -> Iterator[Key]:
        """What nobody has acknowledged, in order: what stands below `after`, then from the top again."""
        where = self.columns.where("stage", "new")[np.array(self.slots, dtype=np.int32)]
        places = np.flatnonzero(where)
        begin = int(np.searchsorted(places, bisect_right(self.keys, after))) if after is not None else 0
        for place in chain(places[begin:], places[:begin]):
            yield self.keys[place]

    def first_new(self) -> str:
        """The first of the queue that nobody has acknowledged, "" for none."""
        return next((key[-1] for key in self.new_from(None)), "")

    def ended_last_ns(self) -> int:
        """When the last one left the queue, 0 where none ever did."""
        place = bisect_left(self.keys, (ENDED,))
        return -self.keys[place][1] if place < len(self.keys) else 0

    # --- within -----------------------------------------------------------------------------------------

    def _anew(self) -> None:
        board = self._board
        self._order = StandingOrder(self.told, board.profile.country)
        self._snapshots, self._news, self._state = board.snapshots, board.news_count, board.state
        self.keys, self.slots = [], array("i")
        for known in (self._key, self._seen, self._dirty, self._stale):
            known.clear()
        self.texts, self.columns = TextBook(), CaseColumns()
        self._said.clear()
        self._ended.clear()
        self._links.clear()
        self._round.clear()
        self._gone_round.clear()
        self._loading = self._load()

    def _load(self) -> Iterator[None]:
        """Read all of the state. A step at a time: its places are given when all are known."""
        ids = list(self._board.state.cases)
        for number, case_id in enumerate(ids):
            self._take(case_id)
            if number % 16 == 0:
                yield
        runs: list[list[Key]] = []
        for start in range(0, len(ids), RUN):
            found = (self._wanted_key(one) for one in ids[start : start + RUN])
            runs.append(sorted(one for one in found if one is not None))
            yield
        merged: list[Key] = []
        slots = array("i")
        for part in merged_in_shares(runs):
            merged += part
            self._key.update(zip(map(_ID, part), part, strict=True))
            slots.extend(map(self.texts.slots.__getitem__, map(_ID, part)))
            for key in part:
                if key[3]:
                    self.columns.put_part(self.texts.slots[key[-1]], True)
            yield
        self._order.changed()
        self.keys, self.slots = merged, slots
        self.readings += 1

    def _touch(self, event: Any) -> None:
        state = self._board.state
        for name in NAMES:
            case_id = getattr(event, name, "")
            if case_id:
                self._dirty[case_id] = None
                for child in self._order.children(case_id):
                    self._dirty[child] = None
        about = state.threads.get(getattr(event, "handoff_id", ""))
        if about is not None:
            self._dirty[about.incident_id] = None

    def _take(self, case_id: str) -> None:
        """Read one case as the state has it now."""
        state = self._board.state
        case, incident = state.cases.get(case_id), state.incidents.get(case_id)
        if case is None:
            self._order.forget(case_id)
            self._seen.pop(case_id, None)
            self.texts.drop(case_id)
            slot = self.texts.slots.get(case_id)
            if slot is not None:
                self.columns.drop(slot)
            self._ended.discard(case_id)
        else:
            self.columns.put(self.texts.put(case_id, *self._searched(case, incident)), case)
            self._seen[case_id] = case, incident
            for kind in LINKS:
                other = getattr(case, kind)
                if other:
                    self._links.setdefault(other, set()).add((case_id, kind))
            self._order.take(case, self._board.clock.now_ns(), self._unanswered(incident))
            (self._ended.discard if case.is_worked else self._ended.add)(case_id)
        if self._loading is None or case_id in self._key:
            self._stale[case_id] = None

    def _place_changed(self, until_ns: int) -> None:
        """Put what changed where it belongs now; a whole takes its parts with it."""
        for case_id in self._order.changed():
            self._stale[case_id] = None
            for part in self._order.parts(case_id):
                self._stale[part] = None
        while self._stale:
            case_id = next(iter(self._stale))
            del self._stale[case_id]
            old, new = self._key.get(case_id), self._wanted_key(case_id)
            self._changed.add(case_id)
            if old != new:
                if old is not None:
                    place = bisect_left(self.keys, old)
                    del self.keys[place], self.slots[place], self._key[case_id]
                if new is not None:
                    place, slot = bisect_left(self.keys, new), self.texts.slots[case_id]
                    self.keys.insert(place, new)
                    self.slots.insert(place, slot)
                    self.columns.put_part(slot, bool(new[3]))
                    self._key[case_id] = new
            if self._board.clock.mono_ns() > until_ns:
                return

    def _wanted_key(self, case_id: str) -> Key | None:
        case = self._seen.get(case_id, NOTHING)[0]
        if case is None:
            return None
        if case_id in self._ended or case_id not in self._order:
            return (ENDED, -case.changed_at_ns, case_id, 0, 0, 0, case_id)
        return self._order.key(case_id)

    def _unanswered(self, incident: Incident | None) -> bool:
        if incident is None or not incident.handoff_ids:
            return False
        threads = self._board.state.threads
        latest = {threads[one].agency: threads[one] for one in incident.handoff_ids if one in threads}
        return any(is_unanswered(one) for one in latest.values())

    def _searched(self, case: Case, incident: Incident | None) -> tuple[str, str, str, str]:
        """Parts that others share stand by themselves: its id, what it is, where, why."""
        asked = case.type, case.owner, case.priority
        what = self._said.get(asked)
        if what is None:
            kind = self._board.profile.incident_types.get(case.type)
            named = both((kind.name,)) if kind is not None else ""
            what = self._said[asked] = f"{case.type} {case.owner} p{case.priority} {named}".casefold()
        if incident is None:
            return case.id.casefold(), what, "", ""
        address = incident.place.address
        where = both((incident.place.name,) if address is None else (incident.place.name, address))
        return case.id.casefold(), what, where.casefold(), both(incident.reasons).casefold()


def both(words: tuple[Words, ...]) -> str:
    """In both languages."""
    return " ".join([f"{one.en} {one.ko}" for one in words])


def merged_in_shares(runs: list[list[Key]]) -> Iterator[list[Key]]:
    """Sorted runs as one, a part of it at a time: each is what all runs have between two marks."""
    marks = sorted(key for run in runs for key in run[:: max(1, RUN // SAMPLES)])[SAMPLES::SAMPLES]
    begins = [0] * len(runs)
    for mark in (*marks, None):
        part: list[Key] = []
        for number, run in enumerate(runs):
            end = bisect_left(run, mark, begins[number]) if mark is not None else len(run)
            part += run[begins[number] : end]
            begins[number] = end
        part.sort()
        yield part
