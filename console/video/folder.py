"""A folder of clips, played in the order of their names as one endless line."""

from __future__ import annotations

import threading
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

import av
import msgspec
from av.video.stream import VideoStream

from console.video.clip import SECOND_NS, ClipReader, OpenClip, Position, open_clip
from console.video.source import Source, clips_of

OPENED_WITHIN_S = 2.0


class FolderReader:
    """What `ClipReader` is for one clip, for all clips of a folder. Clips that cannot be read are left out,
    which is told as a flaw. What is put into the folder later is seen when the source is opened anew. One
    thread at a time; the next clip is opened in another one beforehand."""

    def __init__(self, source: Source, quick: bool) -> None:
        """Measures every clip, so only where one may wait. Raises OSError, and av.InvalidDataError when no
        clip of the folder can be played."""
        self.quick, self._source, self._loop = quick, source, source.loop
        self._paths: list[Path] = []
        lengths_s: list[float] = []
        self.flaw = ""
        for path in clips_of(Path(source.locator)):
            try:
                clip = self._open(path)
            except Exception:  # whatever a file makes the decoder say: the others go on
                self.flaw = "clips_left_out"
                continue
            clip.container.close()
            self._paths.append(path)
            lengths_s.append(clip.facts.length_s)
            if clip.facts.cut_short:
                self.flaw = self.flaw or "clip_cut_short"
        if not self._paths:
            raise av.InvalidDataError(0, "no clip in this folder can be played")
        self._starts_s = [0.0, *accumulate(lengths_s)]
        self.length_s = self._starts_s.pop()
        self._lengths_s = lengths_s
        self._number = 0
        self._thin = self._hurry = False
        self._next: _Opening | None = None
        self._reader = self._reader_of(self._open(self._paths[0]))
        self._prepare()

    def _open(self, path: Path) -> OpenClip:
        return open_clip(msgspec.structs.replace(self._source, locator=str(path)), OPENED_WITHIN_S)

    def _reader_of(self, clip: OpenClip) -> ClipReader:
        reader = ClipReader(clip, self.quick, loop=False)
        reader.thin = self._thin
        reader.hurry(self._hurry)
        return reader

    def _prepare(self) -> None:
        """Begin to open the clip that comes next."""
        self._next = _Opening(self, self._paths[(self._number + 1) % len(self._paths)])

    @property
    def interval_s(self) -> float:
        return self._reader.interval_s

    @property
    def stream(self) -> VideoStream:
        """The pictures of the clip that is being played."""
        return self._reader.stream

    @property
    def errors(self) -> int:
        return self._reader.errors

    @errors.setter
    def errors(self, count: int) -> None:
        self._reader.errors = count

    @property
    def thin(self) -> bool:
        return self._thin

    @thin.setter
    def thin(self, thin: bool) -> None:
        self._thin = self._reader.thin = thin

    def hurry(self, hurry: bool) -> None:
        self._hurry = hurry
        self._reader.hurry(hurry)

    def seek(self, at: Position) -> None:
        """Continue from the key frame at or before a position of the whole line."""
        number = self._number_at(at)
        if number != self._number:
            self._number = number
            self._reader = self._reader_of(self._open(self._paths[number]))
            self._prepare()
        self._reader.seek(self._within(at, number))

    def key_ahead(self, at: Position) -> bool:
        """Whether seeking to a position leaves pictures out instead of decoding them twice."""
        number = self._number_at(at)
        return number != self._number or self._reader.key_ahead(self._within(at, number))

    def _number_at(self, at: Position) -> int:
        return max(0, bisect_right(self._starts_s, at.at_s) - 1)

    def _within(self, at: Position, number: int) -> Position:
        return at._replace(at_s=min(at.at_s - self._starts_s[number], self._lengths_s[number]))

    def next(self) -> tuple[av.VideoFrame, int]:
        """The next picture and where it is on the source's time line (ns). Goes from clip to clip.

        Raises EOFError behind the last clip of a folder that does not loop, and av.InvalidDataError when no
        clip gives a picture any more.
        """
        for _ in range(len(self._paths) + 1):
            try:
                return self._reader.next()
            except EOFError:
                self._go_on()
        raise av.InvalidDataError(0, "no picture of any clip can be decoded")

    def _go_on(self) -> None:
        if not self._loop and self._number + 1 == len(self._paths):
            raise EOFError("the last clip has ended")
        ends_ns = self._reader.pass_start_ns + int(self._lengths_s[self._number] * SECOND_NS)
        errors, opening = self._reader.errors, self._next
        self._number = (self._number + 1) % len(self._paths)
        if opening is None or opening.path != self._paths[self._number]:
            opening = _Opening(self, self._paths[self._number])
        self._reader = self._reader_of(opening.result())
        self._reader.errors = errors
        self._reader.seek(Position(ends_ns, 0.0, False))
        self._prepare()


class _Opening:
    """A clip being opened in a thread of its own."""

    def __init__(self, reader: FolderReader, path: Path) -> None:
        self.path = path
        self._reader = reader
        self._clip: OpenClip | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="video-clip", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._clip = self._reader._open(self.path)
        except Exception as error:  # told to who asks for the clip
            self._error = error

    def result(self) -> OpenClip:
        """The clip, waiting for it. Raises what opening it raised."""
        self._thread.join()
        if self._clip is None:
            raise self._error or EOFError(self.path.name)
        return self._clip
