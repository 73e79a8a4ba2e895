"""Where each clue goes: into an incident that is open, with the reason, or into one of its own.

Deterministic: the same clues in the same order go the same way. Nothing is dropped: every clue has a place,
what is repeated is counted, what might belong elsewhere too is offered. Persons merge and split; a clue that
was placed is never placed again by a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from console.clock import SECOND_NS
from console.model.casework import Case, Clue, Offer, Placement, Reason
from console.profile.ground import METRES_PER_DEGREE
from console.rules.correlate.bonds import Bond, Bonds
from console.rules.correlate.figures import Matrix
from console.rules.correlate.gathered import Gathered, Member, Span
from console.rules.correlate.grid import Grid
from console.rules.correlate.ground import Ground


class Ended(NamedTuple):
    """A closed incident, remembered for as long as another here is linked to it."""

    id: str
    type: str
    x: float
    y: float
    at_ns: int


class Correlator:
    """The open incidents of a city by what was gathered into them. One thread.

    `next_id` names a new incident; it is called once for each that is opened.
    """

    def __init__(self, matrix: Matrix, ground: Ground, next_id: Callable[[], str]) -> None:
        self._matrix, self._ground, self._next_id = matrix, ground, next_id
        self._told = matrix.figures
        self._bonds = Bonds(matrix, ground)
        self._forget_all()
        self._lat, self._lon = ground.plane.lat, ground.plane.lon
        self._per_lon = ground.plane.per_lon

    def _forget_all(self) -> None:
        self._grid = Grid()
        self._open: dict[str, Gathered] = {}
        self._fresh: dict[str, Gathered] = {}
        """Those in the grid."""
        self._where: dict[tuple[str, str], str] = {}
        self._device: dict[tuple[str, str], tuple[str, int]] = {}
        self._ended: list[Ended] = []
        self._count = 0
        self._merged: dict[str, str] = {}
        """What was merged, and into what: who names the old id is understood."""

    def place(self, clue: Clue) -> Placement:
        """Decide, and remember what was decided. Raises ValueError with the reason for a clue without a uid
        or with a place that is not on the earth."""
        placed = self._placed(clue)
        return placed if isinstance(placed, Placement) else self._open_new(clue, *placed)

    def join(self, clue: Clue) -> Placement | None:
        """As `place` for what is no incident by itself: None, and nothing remembered, where it joins none."""
        placed = self._placed(clue)
        return placed if isinstance(placed, Placement) else None

    def _placed(
        self, clue: Clue
    ) -> Placement | tuple[float, float, list[tuple[Gathered, Bond]]]:  # fmt: skip
        """Where it goes; else where it is (metres), and the incidents it has to do with."""
        if not clue.uid or not (-90.0 <= clue.lat <= 90.0 and -180.0 <= clue.lon <= 180.0):
            raise ValueError(f"clue {clue.uid[:80]!r}: a uid and a place on the earth are needed")
        key = (clue.source, clue.uid)
        known = self._where.get(key)
        if known is not None:
            return Placement(uid=clue.uid, incident_id=known, how="known")
        x, y = (clue.lon - self._lon) * self._per_lon, (clue.lat - self._lat) * METRES_PER_DEGREE
        named = self._open.get(self._now_named(clue.names)) if clue.names else None
        if named is not None and not named.rests_ns:
            self._add(named, Member(clue, x, y))
            return Placement(
                uid=clue.uid, incident_id=named.id, how="joined", reasons=(Reason(code="named"),)
            )
        repeated = self._repeated(clue, x, y)
        if repeated is not None:
            self._add(repeated, Member(clue, x, y))
            return Placement(uid=clue.uid, incident_id=repeated.id, how="repeated")
        joined, others = self._around(clue, x, y)
        if joined is None:
            return x, y, others
        incident, bond = joined
        self._add(incident, Member(clue, x, y))
        return Placement(
            uid=clue.uid, incident_id=incident.id, how="joined", reasons=(bond.reason(),),
            offers=self._offers(others),
        )  # fmt: skip

    def _now_named(self, incident_id: str) -> str:
        """The id under which an incident goes on that may have been merged, once or more."""
        while incident_id in self._merged:
            incident_id = self._merged[incident_id]
        return incident_id

    def near(self, clue: Clue) -> tuple[Offer, ...]:
        """What a clue that a person places himself could belong to; nothing is decided or remembered."""
        x, y = (clue.lon - self._lon) * self._per_lon, (clue.lat - self._lat) * METRES_PER_DEGREE
        best, others = self._around(clue, x, y)
        return self._offers([*([best] if best is not None else []), *others])

    def _repeated(self, clue: Clue, x: float, y: float) -> Gathered | None:
        if not clue.device_id:
            return None
        last = self._device.get((clue.device_id, clue.type))
        if last is None or abs(clue.at_ns - last[1]) > self._told.repeat_s * SECOND_NS:
            return None
        incident = self._open.get(last[0])
        if incident is None or not self._bonds.guarded(incident, clue, x, y):
            return None
        if incident.rests_ns:
            # Who said what it was saw this burst of a detector, and nothing else.
            burst_ns = incident.rests_ns + round(self._told.repeat_s * SECOND_NS)
            return incident if clue.source == "detection" and clue.at_ns <= burst_ns else None
        return incident

    def _around(
        self, clue: Clue, x: float, y: float
    ) -> tuple[tuple[Gathered, Bond] | None, list[tuple[Gathered, Bond]]]:  # fmt: skip
        """The incident it belongs to by itself, and the others it has to do with."""
        view = self._ground.view(clue.camera_id) if clue.camera_id else None
        found: list[tuple[Gathered, Bond]] = []
        best: tuple[Gathered, Bond] | None = None
        best_rank: tuple[float, bool, int] | None = None
        weigh, most = self._bonds.weigh, self._told.most_members
        partners = self._matrix.partners(clue.type)
        for here in self._grid.around(x, y):
            for incident in here:
                bond = weigh(incident, clue, x, y, view, partners)
                if bond is None or bond.weight < self._told.offer_least:
                    continue
                found.append((incident, bond))
                joins = bond.pair.relation == "join" and bond.weight >= self._told.join_least
                if not joins or not bond.guarded or len(incident.members) >= most:
                    continue
                rank = (bond.weight, clue.device_id in incident.devices, -incident.order)
                if best_rank is None or rank > best_rank:
                    best, best_rank = (incident, bond), rank
        if best is not None:
            found.remove(best)
        return best, found

    def _open_new(
        self, clue: Clue, x: float, y: float, others: list[tuple[Gathered, Bond]]
    ) -> Placement:  # fmt: skip
        parent, adopts = "", []
        reasons = [Reason(code="first")]
        for incident, bond in sorted(others, key=_rank):
            if len(incident.members) >= self._told.most_members and bond.pair.same and not parent:
                parent = incident.id
                reasons.append(Reason(code="full", fields={"count": str(len(incident.members))}))
            elif bond.pair.relation != "child" or bond.weight < self._told.join_least:
                continue
            elif bond.pair.above != clue.type:
                if not parent:
                    parent = incident.id
                    reasons.append(bond.reason())
            elif not incident.parent:
                adopts.append(incident.id)
        named = self._now_named(clue.names)
        reopens = named if any(one.id == named for one in self._ended) else self._ended_here(clue, x, y)
        if reopens:
            reasons.append(Reason(code="reopened", fields={"incident": reopens}))
        incident = self._begin(self._next_id(), clue.type, Member(clue, x, y))
        for child in adopts:
            self.put_under(child, incident.id)
        if parent:
            self.put_under(incident.id, parent)
        return Placement(
            uid=clue.uid, incident_id=incident.id, how="opened", reasons=tuple(reasons), parent=parent,
            reopens=reopens, adopts=tuple(adopts),
            offers=self._offers([one for one in others if one[1].pair.relation == "join"]),
        )  # fmt: skip

    def _offers(self, others: list[tuple[Gathered, Bond]]) -> tuple[Offer, ...]:
        best = sorted((one for one in others if one[1].pair.relation == "join"), key=_rank)
        return tuple(
            Offer(incident_id=incident.id, weight=round(bond.weight, 3), reason=bond.reason())
            for incident, bond in best[: self._told.most_offered]
        )

    def _ended_here(self, clue: Clue, x: float, y: float) -> str:
        """The incident of the type that was closed here last, recently; "" for none."""
        most_m2, most_ns = self._told.reopen_m**2, self._told.reopen_s * SECOND_NS
        for one in reversed(self._ended):
            if (
                one.type == clue.type
                and -most_ns <= clue.at_ns - one.at_ns <= most_ns
                and (one.x - x) ** 2 + (one.y - y) ** 2 <= most_m2
            ):
                return one.id
        return ""

    def _begin(self, incident_id: str, type_id: str, member: Member) -> Gathered:
        at = member.clue.at_ns
        self._count += 1
        incident = Gathered(incident_id, type_id, self._count, member.x, member.y, at, at)
        self._open[incident_id] = incident
        self._add(incident, member)
        return incident

    def _add(self, incident: Gathered, member: Member) -> None:
        clue = member.clue
        new_type = clue.type not in incident.spans
        moves = self._matrix.moves(incident.type)
        incident.take(member, moves)
        self._where[(clue.source, clue.uid)] = incident.id
        if clue.device_id:
            self._device[(clue.device_id, clue.type)] = (incident.id, clue.at_ns)
        if new_type or moves or incident.level < 0:
            self._put(incident)

    def _put(self, incident: Gathered) -> None:
        if incident.rests_ns or not incident.spans:
            return
        reach = max(self._matrix.reach_m(one) for one in incident.spans)
        self._grid.put(incident, reach + self._ground.longest_view_m)
        self._fresh[incident.id] = incident

    # --- what persons and the record do -----------------------------------------------------------------

    def resume(
        self, incident_id: str, type_id: str, clues: Iterable[Clue], parent: str = "", ended_ns: int = 0
    ) -> None:  # fmt: skip
        """Take an incident as the record has it; nothing where it is here. `ended_ns`: it was closed then."""
        if incident_id in self._open:
            return
        incident: Gathered | None = None
        for clue in clues:
            x, y = (clue.lon - self._lon) * self._per_lon, (clue.lat - self._lat) * METRES_PER_DEGREE
            if incident is None:
                incident = self._begin(incident_id, type_id, Member(clue, x, y))
            else:
                self._add(incident, Member(clue, x, y))
        if incident is None:  # persons took all of it elsewhere
            self._count += 1
            incident = Gathered(incident_id, type_id, self._count, 0.0, 0.0, 0, 0)
            self._open[incident_id] = incident
        self.retype(incident_id, type_id)
        if parent:
            self.put_under(incident_id, parent)
        if ended_ns:
            self.end(incident_id, ended_ns)

    def restore(self, cases: Iterable[Case]) -> None:
        """Begin again with what the record holds: at a start, and after a commit that failed."""
        self._forget_all()
        known = sorted(cases, key=lambda one: one.opened_at_ns)
        for case in known:
            if case.merged_into:
                self._merged[case.id] = case.merged_into
            else:
                ended_ns = case.changed_at_ns if case.stage == "closed" else 0
                self.resume(case.id, case.type, case.clues, ended_ns=ended_ns)
                if case.stage == "resolved":
                    self.rest(case.id, case.stage_since_ns)
        for case in known:
            if case.parent:
                self.put_under(case.id, case.parent)

    def take(self, incident_id: str, clue: Clue) -> None:
        """A person put the clue there, or the record says so; nothing where it is there already."""
        key = (clue.source, clue.uid)
        incident = self._open.get(incident_id)
        if incident is None or self._where.get(key) == incident_id:
            return
        self.withdraw(*key)
        x, y = (clue.lon - self._lon) * self._per_lon, (clue.lat - self._lat) * METRES_PER_DEGREE
        self._add(incident, Member(clue, x, y))

    def withdraw(self, source: str, uid: str) -> None:
        """A person says that the clue does not belong where it was put."""
        incident = self._open.get(self._where.pop((source, uid), ""))
        if incident is None:
            return
        left = [one for one in incident.members if (one.clue.source, one.clue.uid) != (source, uid)]
        self._lay_aside(incident)
        if left:
            self._rebuild(incident, left)
        else:
            incident.members, incident.spans, incident.devices = [], {}, set()

    def holds(self, source: str, uid: str) -> str:
        """The incident a clue is in; "" for none."""
        return self._where.get((source, uid), "")

    def retype(self, incident_id: str, type_id: str) -> None:
        """A person says that it is of another type: what goes with that type is looked for there, too."""
        incident = self._open.get(incident_id)
        if incident is None:
            return
        incident.type = type_id
        if type_id not in incident.spans and incident.members:
            first = incident.members[0]
            incident.spans[type_id] = Span(
                incident.first_ns, incident.last_ns, first.x, first.y, first.x, first.y
            )
            self._put(incident)

    def rest(self, incident_id: str, at_ns: int) -> None:
        """It was resolved: nothing new joins it; what its detectors go on saying for a moment is counted."""
        incident = self._open.get(incident_id)
        if incident is None or incident.rests_ns:
            return
        incident.rests_ns = at_ns
        self._lay_aside(incident)
        self._remember_ended(incident, at_ns)

    def wake(self, incident_id: str) -> None:
        """The work on it goes on."""
        incident = self._open.get(incident_id)
        if incident is not None and incident.rests_ns:
            incident.rests_ns = 0
            self._ended = [one for one in self._ended if one.id != incident_id]
            self._put(incident)

    def _remember_ended(self, incident: Gathered, at_ns: int) -> None:
        self._ended = [one for one in self._ended if one.id != incident.id]
        if not incident.members:
            return
        self._ended.append(Ended(incident.id, incident.type, incident.x, incident.y, at_ns))
        self._ended.sort(key=lambda one: one.at_ns)

    def merge(self, kept_id: str, other_id: str) -> bool:
        """A person says that `other_id` is the same as `kept_id`: all of it goes there. False where one of
        the two is not open, or both are one."""
        kept, other = self._open.get(kept_id), self._open.get(other_id)
        if kept is None or other is None or kept is other:
            return False
        self._lay_aside(other)
        self._ended = [one for one in self._ended if one.id != other_id]
        del self._open[other_id]
        self._merged[other_id] = kept_id
        for member in other.members:
            self._add(kept, member)
        for child in other.children:
            self._open[child].parent = ""
            if child != kept_id:
                self.put_under(child, kept_id)
        if other.parent in self._open:
            self._open[other.parent].children.discard(other_id)
        self._put(kept)
        return True

    def split(self, from_id: str, new_id: str, uids: Iterable[str]) -> bool:
        """A person says that these clues are another incident. False where the incident is not open, one of
        them is not in it, or none would stay or go."""
        incident = self._open.get(from_id)
        wanted = set(uids)
        if incident is None or new_id in self._open:
            return False
        going = [one for one in incident.members if one.clue.uid in wanted]
        staying = [one for one in incident.members if one.clue.uid not in wanted]
        if {one.clue.uid for one in going} != wanted or not going or not staying:
            return False
        self._lay_aside(incident)
        self._rebuild(incident, staying)
        types = [one.clue.type for one in going]
        new = self._begin(new_id, incident.type if incident.type in types else types[0], going[0])
        for member in going[1:]:
            self._add(new, member)
        return True

    def _rebuild(self, incident: Gathered, members: list[Member]) -> None:
        first = members[0]
        incident.x, incident.y = first.x, first.y
        incident.first_ns = incident.last_ns = first.clue.at_ns
        incident.members, incident.spans, incident.devices = [], {}, set()
        for member in members:
            self._add(incident, member)

    def put_under(self, child_id: str, parent_id: str) -> bool:
        """Make one the child of another, or (parent "") of none. False for what is not open, itself, or a
        circle."""
        child, parent = self._open.get(child_id), self._open.get(parent_id)
        if child is not None and not parent_id:
            if child.parent in self._open:
                self._open[child.parent].children.discard(child_id)
            child.parent = ""
            return True
        above = parent
        while above is not None:
            if above is child:
                return False
            above = self._open.get(above.parent)
        if child is None or parent is None:
            return False
        if child.parent in self._open:
            self._open[child.parent].children.discard(child_id)
        child.parent = parent_id
        parent.children.add(child_id)
        return True

    def end(self, incident_id: str, at_ns: int) -> None:
        """It was closed: nothing more joins it; what comes here soon is linked to it."""
        incident = self._open.pop(incident_id, None)
        if incident is None:
            return
        self._lay_aside(incident)
        if incident.parent in self._open:
            self._open[incident.parent].children.discard(incident_id)
        for child in incident.children:
            self._open[child].parent = ""
        self._remember_ended(incident, at_ns)

    def tidy(self, now_ns: int) -> int:
        """Let go of what can take nothing any more, once in a while: of closed incidents what is too old to
        be linked to, and of open ones the place in the grid. Returns how many stay in the grid. Their clues
        are still known, so that one sent again is not new."""
        oldest = now_ns - round(self._told.reopen_s * SECOND_NS)
        self._ended, old = (
            [one for one in self._ended if one.at_ns >= oldest],
            {one.id for one in self._ended if one.at_ns < oldest},
        )  # fmt: skip
        gone = old - self._open.keys()
        if gone:
            self._where = {key: one for key, one in self._where.items() if one not in gone}
            self._device = {key: one for key, one in self._device.items() if one[0] not in gone}
        late_ns = round(self._told.late_s * SECOND_NS)
        for incident in list(self._fresh.values()):
            longest = max(self._matrix.longest_ns(one) for one in incident.spans)
            if now_ns - incident.last_ns > longest + late_ns:
                self._lay_aside(incident)
        return len(self._fresh)

    def _lay_aside(self, incident: Gathered) -> None:
        self._grid.take(incident)
        self._fresh.pop(incident.id, None)

    def gathered(self, incident_id: str) -> tuple[Clue, ...]:
        """Every clue of an open incident, in the order they were placed."""
        incident = self._open.get(incident_id)
        return tuple(one.clue for one in incident.members) if incident is not None else ()

    def parent_of(self, incident_id: str) -> str:
        incident = self._open.get(incident_id)
        return incident.parent if incident is not None else ""

    def children_of(self, incident_id: str) -> tuple[str, ...]:
        incident = self._open.get(incident_id)
        return tuple(sorted(incident.children)) if incident is not None else ()

    def rests(self, incident_id: str) -> bool:
        """Whether it is resolved, so that nothing new joins it."""
        incident = self._open.get(incident_id)
        return incident is not None and incident.rests_ns != 0

    @property
    def open_ids(self) -> tuple[str, ...]:
        return tuple(self._open)


def _rank(one: tuple[Gathered, Bond]) -> tuple[float, int]:
    return (-one[1].weight, one[0].order)
