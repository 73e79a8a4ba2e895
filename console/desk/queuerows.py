"""The rows of the queue: which of the incidents pass the filter, unfolded as the person wants them, in order.

Qt-free; the UI thread's. A row keeps the key it was placed by, so that the rows are sorted also while a hand
is on the list and nothing may move under it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator
from operator import itemgetter
from typing import NamedTuple

from console.desk.casequeue import ENDED, CaseQueue
from console.model.casework import Case
from console.rules.casework.standingorder import Key

UNFOLDED = 5
"""A whole with more parts than these shows them when it is asked to."""
SHARE = 1_500
CHUNKS = 4
"""So many keys, and so many chunks of texts, are a step of a search: about a millisecond."""
_ID = itemgetter(-1)


class Sift(NamedTuple):
    """What is shown. `owner` None: whoever has it; "": what nobody has. `ended`: also what is over."""

    words: tuple[str, ...] = ()
    owner: str | None = None
    type: str = ""
    stage: str = ""
    ended: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything that is open can be hidden by it."""
        return bool(self.words or self.owner is not None or self.type or self.stage)


class Found(NamedTuple):
    """What a search came to: the rows, the same by id, and those of them that are new."""

    sift: Sift
    keys: list[Key]
    shown: dict[str, Key]
    new: set[str]
    unfolded: set[str]
    """Wholes whose parts are among the rows."""


class QueueRows:
    """`keys` are the rows from top to bottom; the last of each is the incident's id."""

    def __init__(self, queue: CaseQueue) -> None:
        self._queue = queue
        self.sift = Sift()
        self.keys: list[Key] = []
        self._shown: dict[str, Key] = {}
        self._new: set[str] = set()
        self._turned: dict[str, bool] = {}
        """By whole: whether the person folded it (True) or unfolded it."""
        self._open: set[str] = set()
        """Wholes whose parts are shown."""
        self._ended_shown = 0

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, case_id: str) -> bool:
        return case_id in self._shown

    def row_of(self, case_id: str) -> int:
        """-1 where it is not shown."""
        key = self._shown.get(case_id)
        return bisect_left(self.keys, key) if key is not None else -1

    def key(self, case_id: str) -> Key | None:
        """By which it was placed."""
        return self._shown.get(case_id)

    def is_part(self, row: int) -> bool:
        """Whether the row is a part, shown below its whole."""
        return self.keys[row][3] == 1

    def folded(self, case_id: str) -> bool:
        """Whether it has parts that are not shown below it."""
        return bool(self._queue.parts(case_id)) and case_id not in self._open

    @property
    def new(self) -> int:
        """How many rows nobody has acknowledged."""
        return len(self._new)

    @property
    def worked(self) -> int:
        """How many rows ask for somebody."""
        return len(self.keys) - self._ended_shown

    @property
    def hidden(self) -> int:
        """How many that ask for somebody are hidden by the filter; folded parts are not."""
        return max(0, self._queue.worked - self.worked) if self.sift.narrows else 0

    def wanted(self, case_id: str) -> Key | None:
        """Where it should be shown now, None for nowhere."""
        key, case = self._queue.key(case_id), self._queue.case(case_id)
        if key is None or case is None or not passes(case, self._queue.texts.text(case_id), self.sift):
            return None
        if key[3] and not self.sift.narrows and key[2] not in self._open:
            whole = self._queue.case(key[2])
            if whole is not None and whole.is_worked:
                return None
        return key

    def place(self, key: Key) -> int:
        """Show it there; returns the row."""
        row = bisect_left(self.keys, key)
        self.keys.insert(row, key)
        self._shown[key[-1]] = key
        self._ended_shown += key[0] == ENDED
        self.note(key[-1])
        return row

    def row_for(self, key: Key) -> int:
        """Where it would be shown."""
        return bisect_left(self.keys, key)

    def take_out(self, case_id: str) -> int:
        """Show it no longer; returns the row it had."""
        key = self._shown.pop(case_id)
        row = bisect_left(self.keys, key)
        del self.keys[row]
        self._ended_shown -= key[0] == ENDED
        self._new.discard(case_id)
        return row

    def note(self, case_id: str) -> None:
        """It says something else; its place is the same."""
        case = self._queue.case(case_id)
        (self._new.add if case is not None and case.stage == "new" else self._new.discard)(case_id)

    def turn(self, case_id: str, fold: bool) -> None:
        """Fold or unfold a whole because the person wants it so."""
        self._turned[case_id] = fold

    def with_parts(self, changed: set[str]) -> set[str]:
        """What changed, and the parts of wholes that are to be folded or unfolded now."""
        found = set(changed)
        for case_id in changed:
            count = len(self._queue.parts(case_id))
            if not count and case_id not in self._open:
                continue
            fold = self._folds(case_id, count) or not count
            if fold != (case_id not in self._open):
                (self._open.discard if fold else self._open.add)(case_id)
                found.update(self._queue.parts(case_id))
        return found

    def _folds(self, case_id: str, count: int) -> bool:
        return self._turned.get(case_id, count > UNFOLDED)

    def _parts_shown(self, whole: str, unfolded: dict[str, bool]) -> bool:
        known = unfolded.get(whole)
        if known is None:
            known = self._queue.ended(whole) or not self._folds(whole, len(self._queue.parts(whole)))
            unfolded[whole] = known
        return known

    def find(self, sift: Sift) -> Generator[None, None, Found]:
        """Find all rows that pass, a share at a time; what it returns at its end is for `adopt`."""
        queue = self._queue
        found: list[Key] = []
        shown: dict[str, Key] = {}
        new: set[str] = set()
        unfolded: dict[str, bool] = {}
        among: set[str] | None = None
        if sift.words:
            among = set()
            for number, _ in enumerate(queue.texts.search(sift.words, among)):
                if number % CHUNKS == 0:
                    yield
        for place, value in enumerate((sift.owner, sift.type or None, sift.stage or None)):
            if value is not None:
                those = queue.facets(place).get(value, set())
                among = those if among is None else among & those
        if among is not None:
            among = among | queue.urgent
        if among is None:
            # Nearly all of them: to leave some out of a copy is much quicker than to gather the others.
            shown = queue.places()
            new = set(queue.facets(2).get("new", ()))
        keys = queue.keys[:]  # what changes meanwhile is looked at again by whoever asked for this
        end = len(keys) if sift.ended else bisect_left(keys, (ENDED,))
        for start in range(0, end, SHARE):
            part = keys[start : min(end, start + SHARE)]
            if among is not None:
                fits = [key for key in part if key[-1] in among]
                shown.update(zip(map(_ID, fits), fits, strict=True))
                new |= queue.facets(2).get("new", set()).intersection(map(_ID, fits))
                found += fits
            else:
                out = [key for key in part if key[3] and not self._parts_shown(key[2], unfolded)]
                for key in out:
                    shown.pop(key[-1], None)
                    new.discard(key[-1])
                hidden = set(out)
                found += [key for key in part if key not in hidden] if hidden else part
            yield
        if among is None:
            for key in keys[end:]:
                shown.pop(key[-1], None)
                new.discard(key[-1])
        return Found(sift, found, shown, new, {one for one, yes in unfolded.items() if yes})

    def adopt(self, found: Found) -> None:
        """Show what was found."""
        self.sift, self.keys, self._shown, self._new, unfolded = found
        self._open = unfolded if not self.sift.narrows else self._open
        self._ended_shown = len(self.keys) - bisect_left(self.keys, (ENDED,))


def passes(case: Case, text: str, sift: Sift) -> bool:
    """Whether a case is shown. What nobody acknowledged of priority 1 is never filtered away."""
    if case.is_worked:
        if case.stage == "new" and case.priority == 1:
            return True
    elif not sift.ended:
        return False
    if sift.owner is not None and case.owner != sift.owner:
        return False
    if (sift.type and case.type != sift.type) or (sift.stage and case.stage != sift.stage):
        return False
    return all(word in text for word in sift.words)
