"""What is written on panes: names from the profile, incidents from the board, states from the engine."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.desk.board import Board
from console.language import Catalogue
from console.model.incident import OPEN_STAGES
from console.report.names import agency_name
from console.video.condition import PaneState
from widgets.kit.moments import Moments
from widgets.wall import words
from widgets.wall.pane import OverText, Pane, StripText
from widgets.wall.recorded import behind

LOWEST = 9
MOST_CLOCKS = 256
#: Panes narrower than this have room for short lines only.
NARROW_PX = 400


class IncidentMarks:
    """Which cameras belong to an open incident, how urgent it is, and whether nobody has seen it yet."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._found: dict[str, tuple[int, bool]] = {}

    def read(self) -> set[str]:
        """Look at the board again; returns the cameras whose mark changed."""
        found: dict[str, tuple[int, bool]] = {}
        for incident in self._board.state.incidents.values():
            if incident.stage in OPEN_STAGES:
                unseen = incident.stage == "new" and incident.priority <= 2
                for camera_id in incident.camera_ids:
                    priority, blinks = found.get(camera_id, (LOWEST, False))
                    found[camera_id] = min(priority, incident.priority), blinks or unseen
        cameras = found.keys() | self._found.keys()
        changed = {camera_id for camera_id in cameras if found.get(camera_id) != self._found.get(camera_id)}
        self._found = found
        return changed

    def of(self, camera_id: str) -> tuple[int, bool]:
        """(priority, blinks); priority 0 for a camera without an incident."""
        return self._found.get(camera_id, (0, False))


class Captions:
    """Puts a pane into words, in the present language."""

    def __init__(self, catalogue: Catalogue, board: Board) -> None:
        self._catalogue, self._board = catalogue, board
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._badges = words.Badges(catalogue)
        self._places: dict[tuple[str, str], str] = {}
        self._clocks: dict[int, str] = {}

    def name(self, camera_id: str) -> str:
        """The camera's name as people say it; its id where the profile does not know it."""
        device = self._board.profile.devices.get(camera_id)
        return self._catalogue.words(device.name) if device is not None else camera_id

    def place(self, camera_id: str) -> str:
        """Where the camera is, as people say it; empty where the profile does not know it."""
        key = self._catalogue.language, camera_id
        known = self._places.get(key)
        if known is None:
            # A profile makes its records on access, and a wall asks five times a second for each pane.
            device = self._board.profile.devices.get(camera_id)
            known = self._catalogue.words(device.place.name) if device is not None else ""
            self._places[key] = known
        return known

    def _clock(self, taken_at_ns: int) -> str:
        second = taken_at_ns // SECOND_NS
        if second not in self._clocks:
            if len(self._clocks) > MOST_CLOCKS:
                self._clocks.clear()
            self._clocks[second] = self._moments.clock(taken_at_ns)
        return self._clocks[second]

    def strip(self, pane: Pane, number: str, priority: int, lit: bool) -> StripText:
        """The strip's text: where, since there is room for little; the tooltip has the camera's whole name.

        The clock is the shown picture's own.
        """
        clock = self._clock(pane.taken_at_ns) if pane.taken_at_ns and pane.state.pictures else ""
        if pane.playback is not None and pane.state.state in words.WITHOUT_PICTURE:
            clock = ""  # that of a picture which is shown no longer
        name = self.place(pane.camera_id) or pane.camera_id
        state = pane.state
        badges = self._badges.of(state, pane.zoom.factor)
        if pane.playback is not None and clock:
            # Here the time is what matters most: it is the last that gives way.
            ago = behind(pane.taken_at_ns, self._board.clock.now_ns(), self._catalogue)
            badges = (*(f"{one}  {clock}  {ago}" for one in badges), f"{clock}  {ago}", ago)
            clock = ""
        return StripText(
            number=number, name=name, clock=clock,
            badges=badges, state=state.state,
            priority=priority, lit=lit, reduced=bool(state.cut or state.cut_cause),
        )  # fmt: skip

    def over(self, pane: Pane) -> OverText:
        """What is written over the picture: the whole of it where it is asked for, and what must be seen
        while it is so."""
        tags = [words.zoomed(pane.zoom.factor, self._catalogue)]
        if pane.hidden.lifted_s:
            left = f"{pane.hidden.lifted_s // 60}:{pane.hidden.lifted_s % 60:02d}"
            tags.append(self._catalogue.say("wall.mask.lifted", left=left))
        if pane.outside:
            tags.append(self.outside(pane))
        info: tuple[str, ...] = ()
        if pane.info:
            narrow = pane.place is not None and pane.place.width < NARROW_PX
            info = tuple(self.short_lines(pane) if narrow else self.long_lines(pane))
        return OverText(info, tuple(filter(None, tags)))

    def lines(self, pane: Pane) -> list[str]:
        """All there is to say about a pane, the most important first, each in a line."""
        zoom = words.zoomed(pane.zoom.factor, self._catalogue)
        return [*self.long_lines(pane), *filter(None, [zoom, self.masks(pane), self.outside(pane)])]

    def long_lines(self, pane: Pane) -> list[str]:
        """What is written over a picture with room for it; zoom and masks are told there by themselves."""
        state = self.head(pane)
        why = self.reason(pane)
        place = self.place(pane.camera_id)
        return [
            f"{self.name(pane.camera_id)} ({pane.camera_id})",
            f"{state}. {why}" if why else state,
            *words.figures(pane.state, self._catalogue),
            *filter(None, [place]),
        ]

    def short_lines(self, pane: Pane) -> list[str]:
        """The same figures for a small pane; its strip has the name."""
        return [f"{pane.camera_id} {self.head(pane)}", *words.narrow_figures(pane.state, self._catalogue)]

    def masks(self, pane: Pane) -> str:
        """What is hidden of the picture, in words; empty when nothing is."""
        hidden = pane.hidden
        if not hidden.count:
            return ""
        if hidden.lifted_s:
            minutes, seconds = divmod(hidden.lifted_s, 60)
            return self._catalogue.say("wall.mask.lifted", left=f"{minutes}:{seconds:02d}")
        return self._catalogue.say("wall.mask.count", n=hidden.count)

    def outside(self, pane: Pane) -> str:
        """Who of the partners looks at the camera now; empty when nobody does."""
        names = (agency_name(self._board.profile, self._catalogue, one) for one in pane.outside)
        return self._catalogue.say("wall.outside", who=", ".join(names)) if pane.outside else ""

    def head(self, pane: Pane) -> str:
        """The badge's text: the state's word, with the figure that matters."""
        return words.badge(pane.state, self._catalogue)

    def reason(self, pane: Pane) -> str:
        """Why there is no picture, and what to do."""
        return self.say(pane.state)[1]

    def say(self, state: PaneState) -> tuple[str, str]:
        """A state's badge, and why it is so."""
        head = words.badge(state, self._catalogue)
        if state.state == "denied":
            return head, state.detail
        if state.state in ("waiting", "no_source"):
            return head, state.detail or self._catalogue.say(f"wall.why.{state.state}")
        return head, words.reason(state, self._catalogue)

    def whole(self, pane: Pane) -> str:
        """All there is to say about a pane, for the tooltip and the screen reader's description."""
        return "\n".join(self.lines(pane))

    def short(self, pane: Pane) -> str:
        """Name, state and reason: what a screen reader says at once. Ages are left out, or it would never
        stop."""
        state = self._catalogue.say(f"wall.state.{pane.state.state}")
        why = self.reason(pane)
        return f"{self.name(pane.camera_id)}: {state}" + (f". {why}" if why else "")
