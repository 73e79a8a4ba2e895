"""Cameras in step on the footage: one clock, and no position the record does not have."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from console.model.commands import Accepted, Answer, Command, ViewFootage
from console.video.source import Source, footage_source
from console.video.transport import Transport
from widgets.kit.permits import PermitState, RangePermits, Stretch
from widgets.kit.pulse import Pulse
from widgets.kit.replaydata import PermitBounds, ns

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort
    from console.language import Catalogue

RATES = (-8.0, -4.0, -2.0, -1.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""What "faster" and "slower" go through."""


class Stepped(Protocol):
    """The answer to a step: where the neighbouring picture is, None where there is none."""

    @property
    def wall_ns(self) -> int | None: ...


class FootageEngine(Protocol):
    """What a clock of footage needs of `console.video.engine.VideoEngine`."""

    def set_transport(self, transport: Transport) -> None: ...

    def step(self, pane: Hashable, from_ns: int, count: int) -> None: ...

    def stepped(self, pane: Hashable) -> Stepped | None: ...


class Playback(QObject):
    """Where a group of cameras stands in the footage. UI thread only.

    Whoever wants to see a moment says `seek`; the hub is asked, and only when it accepted does the engine
    hear of it. While one request is on its way only the newest wish is kept. A clock that comes near the end
    of what is on the record asks for more in time, and stands still where no answer has come. What is
    painted is checked once more, picture by picture, with `may_show`: a window that hung shows nothing that
    it may not.

    Signals:
        changed: the cameras, the rate, the permission or where it should stand changed: look again.
        position_changed(object): the wall time (an int of ns) shown now, at most once a tick.
        stepped_to_nothing: there is no further picture on that side.
    """

    changed = Signal()
    position_changed = Signal(object)
    stepped_to_nothing = Signal()

    def __init__(
        self, group: str, folder: Path, engine: FootageEngine, board: Board, port: DeskPort, pulse: Pulse,
        catalogue: Catalogue, bounds: PermitBounds, purpose: Callable[[], str], parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.group = group
        self._folder, self._engine, self._board, self._port = folder, engine, board, port
        self._catalogue, self._bounds, self._purpose = catalogue, bounds, purpose
        self._permits = RangePermits()
        self.camera_ids: tuple[str, ...] = ()
        self.loop: Stretch | None = None
        """Played again and again while it runs; None: on and on."""
        self._transport: Transport | None = None
        self._rate = 0.0
        self._target_ns = 0
        self._target_since_ns = 0
        self._needed: Stretch | None = None
        """What must be on the record before the clock stands at `_target_ns`; None: it stands there."""
        self._joined: set[str] = set()
        """Cameras whose footage is permitted where the clock stands; others wait without holding it up."""
        self._stepping: Hashable | None = None
        self._told_ns = -1
        self._told_permits: tuple[tuple[PermitState, str], ...] = ()
        pulse.answered.connect(self._answered)
        pulse.ticked.connect(self.tick)

    # what is so

    @property
    def position_ns(self) -> int:
        """Where the pictures stand now; 0 before the first position was permitted."""
        return self._transport.position(self._mono()) if self._transport is not None else 0

    @property
    def target_ns(self) -> int:
        """Where it was last asked to stand: the same as `position_ns` unless the record is waited for."""
        return self._target_ns if self._needed is not None else self.position_ns

    @property
    def is_waiting(self) -> bool:
        """Whether a position is wanted that is not on the record yet."""
        return self._needed is not None

    @property
    def rate(self) -> float:
        """How fast it runs, or will once it may; 0 when it stands still."""
        return self._rate

    def source(self, camera_id: str) -> Source:
        """What the engine is to show for a camera of this group."""
        return footage_source(self._folder, camera_id, self.group)

    def permit_of(self, camera_id: str) -> tuple[PermitState, str]:
        """What a pane may show of this camera now; with the reason in words where it may show nothing."""
        if self._needed is None:
            if self.may_decode(camera_id):
                return "allowed", ""
            if self._transport is None:
                return "waiting", self._away()
            state, why = self._permits.state(camera_id, self._need(self.position_ns))
            return ("denied", why) if state == "denied" else ("waiting", self._away())
        state, why = self._permits.state(camera_id, self._needed)
        if state == "denied":
            return state, why
        waited_ns = self._mono() - self._target_since_ns
        if waited_ns <= ns(self._bounds.patience_s) and self.may_decode(camera_id):
            return "allowed", ""  # the picture that was permitted before, under its own clock
        return "waiting", self._away()

    def may_decode(self, camera_id: str) -> bool:
        """Whether the engine may be told of this camera: the clock stands where its footage is permitted."""
        return camera_id in self._joined and self._covers(camera_id, self.position_ns)

    def may_show(self, camera_id: str, taken_at_ns: int) -> bool:
        """Whether this very picture is on the record."""
        return self._covers(camera_id, taken_at_ns)

    def _covers(self, camera_id: str, at_ns: int) -> bool:
        return self._permits.covers(camera_id, Stretch(at_ns, at_ns))

    def _away(self) -> str:
        if self._board.link == "live":
            return ""
        return self._catalogue.say("replay.hub_away")

    # what is asked

    def set_cameras(self, camera_ids: tuple[str, ...]) -> None:
        """These are shown from now on; new ones once they are on the record."""
        if camera_ids != self.camera_ids:
            self.camera_ids = camera_ids
            self._joined &= set(camera_ids)
            self._permits.forget_denials()
            if not camera_ids:
                self.stop()
            self._pursue()
            self.changed.emit()

    def seek(self, wall_ns: int, rate: float | None = None) -> None:
        """Stand there as soon as it is on the record, and go on at this rate (left out: as now).

        A moment that has not been yet is the live edge.
        """
        if rate is not None:
            self._rate = rate
        self._stepping = None
        self._permits.forget_denials()
        self._aim(max(1, min(wall_ns, self._edge())))
        self._pursue()
        self.changed.emit()

    def _aim(self, wall_ns: int) -> None:
        self._target_ns, self._target_since_ns = wall_ns, self._mono()
        self._needed = self._need(wall_ns, round(ns(self._bounds.guard_s) * self._rate))

    def move(self, by_s: float) -> None:
        """So many seconds on, or back."""
        if self.target_ns:
            self.seek(self.target_ns + ns(by_s))

    def play(self, rate: float = 1.0) -> None:
        """Run at this rate from where it stands."""
        if self._transport is None and self._needed is None:
            return
        self._rate = rate
        self._stepping = None
        if self._needed is not None:
            self._aim(self._target_ns)
        else:
            self._run(rate)
        self.changed.emit()

    def pause(self) -> None:
        """Stand still."""
        self.play(0.0)

    def toggle(self) -> None:
        """Run or stand still."""
        self.play(0.0 if self._rate else 1.0)

    def faster(self) -> None:
        """The next rate up; from a standstill, on at 1x."""
        self._shift(1)

    def slower(self) -> None:
        """The next rate down, through backwards; from a standstill, backwards at 1x."""
        self._shift(-1)

    def _shift(self, by: int) -> None:
        if not self._rate:
            self.play(float(by))
            return
        number = RATES.index(self._rate) + by
        if 0 <= number < len(RATES):
            self.play(RATES[number])

    def step(self, pane: Hashable, shown_ns: int, count: int) -> None:
        """Stand still at the picture `count` after the one this pane shows (taken at `shown_ns`)."""
        self.pause()
        self._stepping = pane
        self._engine.step(pane, shown_ns or self.position_ns, count)

    def stop(self) -> None:
        """Nothing is wanted any more; the clock is kept where it stands."""
        self._needed, self._rate, self._stepping = None, 0.0, None
        self._permits.forget_wish()
        if self._transport is not None and self._transport.rate:
            self._give(self._transport.paused(self._mono()))

    # the tick

    @Slot()
    def tick(self) -> None:
        """Ask for what comes next, stop before what is not permitted, and tell what changed."""
        if not self.camera_ids:
            return
        self._take_step()
        if self._needed is not None:
            self._pursue()
        elif self._transport is not None:
            if self._transport.rate:
                self._keep_within(self._transport)
            self._let_join()
        permits = tuple(self.permit_of(one) for one in self.camera_ids)
        if permits != self._told_permits:
            self._told_permits = permits
            self.changed.emit()
        at_ns = self.position_ns
        if at_ns != self._told_ns:
            self._told_ns = at_ns
            self.position_changed.emit(at_ns)

    def _let_join(self) -> None:
        """A camera that came later is asked for where the others are, and joins them there."""
        if self._needed is not None or self._joined.issuperset(self.camera_ids):
            return
        at_ns = self.position_ns
        need = self._need(at_ns, round(ns(self._bounds.guard_s) * self._rate))
        for camera_id in self.camera_ids:
            if camera_id not in self._joined and self._permits.covers(camera_id, need):
                self._joined.add(camera_id)
                self.changed.emit()
        self._ask(at_ns, need)

    def _take_step(self) -> None:
        if self._stepping is None:
            return
        found = self._engine.stepped(self._stepping)
        if found is None:
            return
        self._stepping = None
        if found.wall_ns is None:
            self.stepped_to_nothing.emit()
        else:
            self.seek(found.wall_ns, 0.0)

    def _pursue(self) -> None:
        """Go to the target if it is on the record for everyone who is not refused, else ask."""
        need = self._needed
        if need is None or not self.camera_ids:
            return
        states = {one: self._permits.state(one, need)[0] for one in self.camera_ids}
        if "waiting" in states.values():
            self._ask(self._target_ns, need)
        elif "allowed" in states.values():
            self._needed = None
            self._joined = {one for one, state in states.items() if state == "allowed"}
            still = Transport(group=self.group, base_ns=self._target_ns, at_mono_ns=self._mono(), rate=0.0)
            self._transport = still
            if self._rate:
                self._run(self._rate)
            else:
                self._give(still)

    def _run(self, rate: float) -> None:
        assert self._transport is not None
        running = self._transport.running(self._mono(), rate)
        if rate and not self._is_on_record(running.base_ns, self._ahead(running.base_ns, rate)):
            self._hold(running.base_ns)
        else:
            self._give(running)

    def _ahead(self, at_ns: int, rate: float) -> int:
        return at_ns + round(ns(self._bounds.guard_s) * rate)

    def _keep_within(self, transport: Transport) -> None:
        mono_ns, rate = self._mono(), transport.rate
        at_ns = transport.position(mono_ns)
        if self.loop is not None and (at_ns > self.loop.to_ns if rate > 0 else at_ns < self.loop.from_ns):
            self.seek(self.loop.from_ns if rate > 0 else self.loop.to_ns)
            return
        edge_ns = self._edge()
        if rate > 1 and at_ns >= edge_ns and self._is_on_record(edge_ns, edge_ns):
            # Nothing newer can be seen: from here on with the present.
            self._rate = rate = 1.0
            at_ns = edge_ns
            self._give(transport.sought(mono_ns, edge_ns).running(mono_ns, 1.0))
            self.changed.emit()
        if not self._is_on_record(at_ns, self._ahead(at_ns, rate)):
            self._hold(at_ns)
            return
        renew_ns = at_ns + round(ns(self._bounds.renew_s) * rate)
        self._ask(at_ns, Stretch(max(1, min(at_ns, renew_ns)), max(at_ns, renew_ns)))

    def _hold(self, at_ns: int) -> None:
        """Stand still at the last moment that may be seen, and go on once the record has the next."""
        assert self._transport is not None
        mono_ns = self._mono()
        last_ns = self._last_permitted(at_ns)
        self._give(self._transport.sought(mono_ns, last_ns).paused(mono_ns))
        self._aim(last_ns)
        self._pursue()
        self.changed.emit()

    def _last_permitted(self, at_ns: int) -> int:
        """`at_ns`, or the last moment on the way there that is on the record for all who joined."""
        assert self._transport is not None
        base_ns = self._transport.base_ns
        for camera_id in self._joined:
            around = self._permits.stretch_around(camera_id, base_ns)
            if around is not None:
                at_ns = min(max(at_ns, around.from_ns), around.to_ns)
        return at_ns

    def _is_on_record(self, one_ns: int, other_ns: int) -> bool:
        """For every camera that joined."""
        stretch = Stretch(max(1, min(one_ns, other_ns)), max(1, one_ns, other_ns))
        return all(self._permits.covers(one, stretch) for one in self._joined)

    def _need(self, at_ns: int, ahead_ns: int = 0) -> Stretch:
        """A picture at a position is one taken at or before it."""
        first_ns = min(at_ns - ns(self._bounds.lead_s), at_ns + ahead_ns)
        return Stretch(max(1, first_ns), max(1, at_ns, at_ns + ahead_ns))

    def _ask(self, at_ns: int, need: Stretch) -> None:
        """Have `need` on the record, and with it a stretch around the position, the way it runs."""
        ahead_ns = round(ns(self._bounds.ahead_s) * max(1.0, abs(self._rate)))
        behind_ns = ns(self._bounds.behind_s)
        if self._rate < 0:
            first_ns, last_ns = at_ns - ahead_ns, at_ns + behind_ns
        else:
            latest_ns = self._board.clock.now_ns() + ns(self._bounds.ahead_s)
            first_ns, last_ns = at_ns - behind_ns, min(at_ns + ahead_ns, latest_ns)
        ask = Stretch(max(1, min(first_ns, need.from_ns)), max(last_ns, need.to_ns))
        self._permits.want(self.camera_ids, need, ask)
        look = self._permits.due()
        if look is not None:
            command = ViewFootage(
                camera_ids=look.camera_ids, from_ns=look.stretch.from_ns, to_ns=look.stretch.to_ns,
                purpose=self._purpose(),
            )
            self._permits.sent(self._port.request(command), look)

    @Slot(object)
    def _answered(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        for _, answer in pairs:
            accepted = isinstance(answer, Accepted)
            why = "" if isinstance(answer, Accepted) else self._catalogue.words(answer.reason)
            if self._permits.answered(answer.id, accepted, why):
                self._pursue()
                self.changed.emit()

    def _give(self, transport: Transport) -> None:
        self._transport = transport
        self._engine.set_transport(transport)

    def _edge(self) -> int:
        """The newest moment that can be recorded by now."""
        return self._board.clock.now_ns() - ns(self._bounds.edge_s)

    def _mono(self) -> int:
        return self._board.clock.mono_ns()
