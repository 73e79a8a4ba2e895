"""The rows of the queue: which of the incidents pass the filter, unfolded as the person wants them, in order.

Qt-free; the UI thread's. A row keeps the key it was placed by, so that the rows are sorted also while a hand
is on the list and nothing may move under it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Mapping
from itertools import compress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from console.desk.casecolumns import Mask, is_urgent
from console.desk.casequeue import ENDED, CaseQueue
from console.model.casework import Case
from console.rules.casework.standingorder import Key

UNFOLDED = 5
"""A whole with more parts than these shows them when it is asked to."""
SHARE = 1_500
PICKED = 20_000
"""So many parts are looked at, and so many keys picked, in a step of a search: about a millisecond."""


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
    """What a search came to."""

    sift: Sift
    keys: list[Key]
    """The rows."""
    among: list[Key]
    """All keys as they stood when it was found; never changed."""
    slots: Mapping[str, int]
    """By id, of the two below: a later snapshot may give others."""
    place: npt.NDArray[np.int32]
    """By slot: where its key is in `among`, -1 for what is not a row."""
    new: Mask
    """By slot: the rows that nobody has acknowledged."""
    unfolded: set[str]
    """Wholes whose parts are among the rows."""


NOWHERE = Found(Sift(), [], [], {}, np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.bool_), set())


class QueueRows:
    """`keys` are the rows from top to bottom; the last of each is the incident's id."""

    def __init__(self, queue: CaseQueue) -> None:
        self._queue = queue
        self.sift = Sift()
        self.keys: list[Key] = []
        self._found = NOWHERE
        self._since: dict[str, Key | None] = {}
        """What was placed (or, None, taken out) since then."""
        self._new_since: dict[str, bool] = {}
        self._new = 0
        self._turned: dict[str, bool] = {}
        """By whole: whether the person folded it (True) or unfolded it."""
        self._open: set[str] = set()
        """Wholes whose parts are shown."""
        self._ended_shown = 0

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, case_id: str) -> bool:
        return self.key(case_id) is not None

    def row_of(self, case_id: str) -> int:
        """-1 where it is not shown."""
        key = self.key(case_id)
        return bisect_left(self.keys, key) if key is not None else -1

    def key(self, case_id: str) -> Key | None:
        """By which it was placed; None where it is not shown."""
        if case_id in self._since:
            return self._since[case_id]
        found = self._found
        slot = found.slots.get(case_id, len(found.place))
        if slot >= len(found.place) or found.place[slot] < 0:
            return None
        return found.among[int(found.place[slot])]

    def is_part(self, row: int) -> bool:
        """Whether the row is a part, shown below its whole."""
        return self.keys[row][3] == 1

    def folded(self, case_id: str) -> bool:
        """Whether it has parts that are not shown below it."""
        return bool(self._queue.part_count(case_id)) and case_id not in self._open

    @property
    def new(self) -> int:
        """How many rows nobody has acknowledged."""
        return self._new

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
        self._since[key[-1]] = key
        self._ended_shown += key[0] == ENDED
        self.note(key[-1])
        return row

    def row_for(self, key: Key) -> int:
        """Where it would be shown."""
        return bisect_left(self.keys, key)

    def take_out(self, case_id: str) -> int:
        """Show it no longer; returns the row it had."""
        key = self.key(case_id)
        if key is None:
            raise KeyError(case_id)
        self._since[case_id] = None
        row = bisect_left(self.keys, key)
        del self.keys[row]
        self._ended_shown -= key[0] == ENDED
        self._put_new(case_id, False)
        return row

    def note(self, case_id: str) -> None:
        """It says something else; its place is the same."""
        case = self._queue.case(case_id)
        self._put_new(case_id, case is not None and case.stage == "new")

    def _put_new(self, case_id: str, new: bool) -> None:
        found = self._found
        slot = found.slots.get(case_id, len(found.new))
        before = self._new_since.get(case_id, slot < len(found.new) and bool(found.new[slot]))
        self._new_since[case_id] = new
        self._new += new - before

    def turn(self, case_id: str, fold: bool) -> None:
        """Fold or unfold a whole because the person wants it so."""
        self._turned[case_id] = fold

    def with_parts(self, changed: set[str]) -> set[str]:
        """What changed, and the parts of wholes that are to be folded or unfolded now."""
        found = set(changed)
        for case_id in changed:
            count = self._queue.part_count(case_id)
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
            known = self._queue.ended(whole) or not self._folds(whole, self._queue.part_count(whole))
            unfolded[whole] = known
        return known

    def find(self, sift: Sift) -> Generator[None, None, Found]:
        """Find all rows that pass, a share at a time; what it returns at its end is for `adopt`."""
        queue = self._queue
        hits: Mask | None = None
        texts = None
        while texts is not queue.texts:  # a snapshot that came meanwhile has other slots
            texts = queue.texts
            if sift.words:
                hits = yield from texts.search(sift.words)
        # From here on as it stands now; what changes meanwhile is looked at again by whoever asked for this.
        keys, slots, names = queue.keys[:], np.array(queue.slots, dtype=np.int32), texts.slots
        end = len(keys) if sift.ended else bisect_left(keys, (ENDED,))
        slots = slots[:end]
        new, parts, fits = queue.columns.where("stage", "new"), queue.columns.parts(), self._fits(sift, hits)
        yield
        unfolded: dict[str, bool] = {}
        if fits is not None:
            shown = fits[slots]
        else:
            shown = np.ones(end, dtype=np.bool_)
            below = np.flatnonzero(parts[slots])
            for start in range(0, len(below), SHARE):
                some = below[start : start + SHARE]
                wholes = [keys[at][2] for at in some.tolist()]
                for whole in set(wholes):
                    self._parts_shown(whole, unfolded)
                shown[some] = [unfolded[whole] for whole in wholes]
                yield
        found: list[Key] = []
        for start in range(0, end, PICKED):
            found += compress(keys[start : start + PICKED], shown[start : start + PICKED].tobytes())
            yield
        place = np.full(len(new), -1, dtype=np.int32)
        place[slots[shown]] = np.flatnonzero(shown)
        return Found(
            sift, found, keys, names, place, new & (place >= 0), {one for one, yes in unfolded.items() if yes}
        )

    def _fits(self, sift: Sift, hits: Mask | None) -> Mask | None:
        """By slot: what passes; None for everything."""
        columns = self._queue.columns
        asked = [] if hits is None else [hits]
        if sift.owner is not None:
            asked.append(columns.where("owner", sift.owner))
        if sift.type:
            asked.append(columns.where("type", sift.type))
        if sift.stage:
            asked.append(columns.where("stage", sift.stage))
        if not asked:
            return None
        fits: Mask = np.logical_and.reduce(asked) | columns.urgent()
        return fits

    def adopt(self, found: Found) -> None:
        """Show what was found."""
        self.sift, self.keys, self._found = found.sift, found.keys, found
        self._since, self._new_since = {}, {}
        self._new = int(np.count_nonzero(found.new))
        self._open = found.unfolded if not self.sift.narrows else self._open
        self._ended_shown = len(self.keys) - bisect_left(self.keys, (ENDED,))


def passes(case: Case, text: str, sift: Sift) -> bool:
    """Whether a case is shown. What nobody acknowledged of priority 1 is never filtered away."""
    if case.is_worked:
        if is_urgent(case):
            return True
    elif not sift.ended:
        return False
    if sift.owner is not None and case.owner != sift.owner:
        return False
    if (sift.type and case.type != sift.type) or (sift.stage and case.stage != sift.stage):
        return False
    return all(word in text for word in sift.words)
