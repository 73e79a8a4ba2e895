"""A wall with a pane in every state a pane can have, saved as pictures: what the words and shapes look like.

    python -m tests.wall.gallery FOLDER

saves it in both languages and both looks, at 4x4 (four pages) and 8x8. The pictures are a shipped feed's; the
states are said by name, as no camera can be made to fail in all ways at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import av
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.language import load_catalogue
from console.model.base import Place, Position, same_words
from console.model.footage import MaskZone
from console.model.incident import Incident
from console.model.state import lift_key
from console.paths import shipped
from console.profile import Profile, load_profile
from console.video.book import SourceBook
from console.video.condition import REASONS, STATES, PaneState
from console.video.load import CAUSES, CUTS
from console.video.source import Source
from tests.wall.conftest import FakeEngine
from widgets.kit.tokens import Tokens, load_fonts
from widgets.wall import WallWidget

MOVING = PaneState("live", "", 24.9, 30, 12, 0, 1920, 1080, 25.0, "h264", 1000)
NAMED: dict[str, tuple[str, PaneState]] = {}
"""What a pane of the gallery shows: its name to (what is done to the pane, its state)."""
for _state in STATES:
    NAMED[_state] = "", MOVING._replace(state=_state)
NAMED |= {
    "connecting": ("empty", PaneState("connecting")),
    "delayed": ("", MOVING._replace(state="delayed", reason="this_machine", lag_ms=1440, fps=17.0)),
    "stalled": ("", MOVING._replace(state="stalled", reason="timeout", age_ms=12_400, fps=0.0)),
    "frozen": ("", MOVING._replace(state="frozen", reason="same_picture", same_for_ms=75_000)),
    "damaged": ("", MOVING._replace(state="damaged", reason="corrupt_pictures", corrupt=14)),
    "covered": ("", MOVING._replace(state="covered", reason="nothing_to_see")),
    "recorded": ("", MOVING._replace(state="recorded")),
    "gap": ("empty", PaneState("gap", "no_footage")),
    "old but said to be live": ("", MOVING._replace(age_ms=3_200)),
    "no picture for an hour": ("", MOVING._replace(state="no_signal", reason="connection_closed",
                                                  age_ms=3_960_000)),
    "waiting for the record": ("waiting", MOVING),
    "denied": ("denied", MOVING),
    "no source": ("no source", PaneState("connecting")),
    "camera clock ahead": ("", MOVING._replace(clock_offset_ms=94_000)),
    "zoomed": ("zoom", MOVING),
    "masks": ("masks", MOVING),
    "masks lifted": ("lifted", MOVING),
    "masks on an old picture": ("masks", MOVING._replace(state="stalled", reason="timeout", age_ms=9_000)),
    "masks, zoomed": ("masks zoom", MOVING),
    "figures": ("info", MOVING._replace(clock_offset_ms=-12_400, clock_drift_ppm=-18, stream="main")),
    "figures of a reduced pane": ("info zoom", MOVING._replace(cut="rate", cut_cause="this_machine",
                                                               fps=12.4)),
    "incident 1": ("incident 1", MOVING),
    "incident 2, stalled": ("incident 2", MOVING._replace(state="stalled", reason="timeout", age_ms=5_000)),
}  # fmt: skip
for _cut in CUTS[1:]:
    NAMED[f"cut {_cut}"] = "", MOVING._replace(cut=_cut, cut_cause="this_machine", fps=12.0)
for _cause in CAUSES[2:]:
    NAMED[f"fewer pictures, {_cause}"] = "", MOVING._replace(cut_cause=_cause, fps=11.0)
for _reason in REASONS[1:]:
    NAMED.setdefault(f"no signal: {_reason}", ("empty", PaneState(
        "refused" if _reason == "wrong_password" else "no_signal", _reason)))  # fmt: skip

ZONES = (
    MaskZone(name="windows", points=((0.05, 0.1), (0.4, 0.05), (0.45, 0.5), (0.1, 0.55))),
    MaskZone(name="garden", points=((0.6, 0.6), (0.95, 0.62), (0.8, 0.95))),
)


class Gallery:
    """A wall of named panes. Needs a QApplication; `close` it."""

    def __init__(self, names: tuple[str, ...], side: int, language: str, theme: str) -> None:
        load_fonts()
        self.city: Profile = load_profile("suwon")
        self.clock = SteppedClock()
        self.board = Board(self.city, self.clock, "desk-1")
        self.board.state.run = "gallery"
        self.tokens = Tokens(theme)
        self.catalogue = load_catalogue(language)
        self.names = names
        self.cameras = tuple(list(self.city.cameras)[: len(names)])
        self.camera_of = dict(zip(names, self.cameras, strict=True))
        sources = {
            camera: Source(kind="rtsp", locator=f"rtsp://10.0.0.1/{camera}")
            for name, camera in self.camera_of.items()
            if NAMED[name][0] != "no source"
        }
        self.engine = FakeEngine(SourceBook(sources))
        self.wall = WallWidget(self.engine, self.catalogue, self.board, self.tokens)
        self.wall.resize(1920, 1030)
        self.wall.set_grid(side)
        self.wall.show()
        self.wall.set_layout(self.cameras)
        for name in names:
            self._put(name, *NAMED[name])
        self.wall.read_incidents()
        for _ in range(6):
            self.wall.tick()
        self.wall.grab()
        for name in names:
            if "zoom" in NAMED[name][0].split():
                self.wall.select(self.camera_of[name])
                for _ in range(4):
                    self.wall.zoom_in()
            if "info" in NAMED[name][0].split():
                self.wall.select(self.camera_of[name])
                self.wall.toggle_info()
        for _ in range(6):
            self.wall.tick()
        self.wall.select(self.cameras[0])

    def _put(self, name: str, done: str, state: PaneState) -> None:
        camera = self.camera_of[name]
        if done == "denied":
            self.wall.deny((camera,), self.catalogue.say("wall.reason.forbidden"))
        elif done != "waiting":
            self.wall.allow((camera,))
        self.engine.states[camera] = state
        if done not in ("empty", "no source"):
            self.engine.put(camera, feed_picture(self.engine.size(camera)), state)
        if "masks" in done or done == "lifted":
            self.board.state.masks[camera] = ZONES
        if done == "lifted":
            until_ns = self.clock.now_ns() + 272 * SECOND_NS
            self.board.state.lifted_masks[lift_key("desk-1", camera)] = until_ns
        if done.startswith("incident"):
            place = Place(name=same_words("x"), position=Position(lat=37.28, lon=127.01))
            self.board.state.incidents[name] = Incident(
                id=name, type="fall", priority=int(done[-1]), place=place, opened_at_ns=1, changed_at_ns=1,
                camera_ids=(camera,), stage="new",
            )  # fmt: skip

    def save(self, path: Path) -> None:
        """Save the wall as it is now."""
        self.wall.grab().save(str(path))

    def close(self) -> None:
        self.wall.release()
        self.wall.close()
        self.wall.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


_frames: dict[tuple[int, int], tuple[int, int, bytes]] = {}


def feed_picture(size: tuple[int, int]) -> tuple[int, int, bytes]:
    """(width, height, BGRA) of a shipped feed, as large as fits into `size`."""
    if size not in _frames:
        path = next(iter(sorted((shipped("assets") / "feeds").glob("*.mp4"))))
        with av.open(str(path)) as clip:
            frame = next(clip.decode(video=0))
        scale = min(size[0] / frame.width, size[1] / frame.height)
        small = frame.reformat(int(frame.width * scale), int(frame.height * scale), "bgra")
        rows = small.to_ndarray()
        _frames[size] = small.width, small.height, rows.tobytes()
    return _frames[size]


def pages(names: tuple[str, ...], each: int) -> list[tuple[str, ...]]:
    """The names, so many a page."""
    return [names[first : first + each] for first in range(0, len(names), each)]


def main(folder: Path) -> None:
    """Save everything into `folder`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(NAMED)
    for language, theme in (("en", "dark"), ("ko", "dark"), ("en", "light"), ("ko", "light")):
        for side in (4, 8):
            for number, page in enumerate(pages(names, side * side)):
                gallery = Gallery(page, side, language, theme)
                gallery.save(folder / f"{side}x{side}-{language}-{theme}-{number + 1}.png")
                gallery.close()
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]))
