"""Reading a recording back: in order, from a time on, as far as the file is whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import msgspec
from mcap.opcode import Opcode
from mcap.records import Channel, Message, Schema

from console.model.base import Record
from console.recording import chunks
from console.recording.chunks import DamageError
from console.recording.layout import (
    DECISIONS,
    METADATA,
    PROFILE,
    TELEMETRY,
    Recorded,
    RecordingError,
    unpack_batch,
    unpack_entry,
)

log = logging.getLogger("bongsu.recording")

OnDamage = Callable[[str], None]
"""Told in words what of the file could not be read; reading goes on where it can."""


class RecordingInfo(Record, frozen=True, kw_only=True):
    """What a recording is about. `whole`: finished by its recorder, with an index.

    `about` is what the recorder knew (city, profile_digest, run, version). The times are log times, ns since
    1970 UTC, 0 in an empty one. `problems` says what could not be read.
    """

    about: dict[str, str]
    whole: bool
    entries: int
    batches: int
    first_ns: int
    last_ns: int
    problems: tuple[str, ...] = ()


def read_recording(
    path: Path, from_ns: int | None = None, on_damage: OnDamage | None = None
) -> Iterator[Recorded]:
    """The messages of a recording in log-time order, those logged at `from_ns` or later.

    Of a file cut off in the middle, all up to its last whole chunk; a damaged chunk is left out. Both are
    told to `on_damage`, or else logged as warnings. Raises RecordingError, at once when the file is not a
    recording and while reading when the disk fails.
    """
    try:
        with path.open("rb") as file:
            _recognise(file, path)
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror}") from error
    return _read(path, from_ns or 0, on_damage or (lambda said: log.warning("%s: %s", path.name, said)))


def describe(path: Path) -> RecordingInfo:
    """Read the whole file and say what is in it. Raises RecordingError."""
    problems: list[str] = []
    entries = batches = first = last = 0
    for one in read_recording(path, on_damage=problems.append):
        entries += one.entry is not None
        batches += one.batch is not None
        first, last = first or one.log_ns, one.log_ns
    with path.open("rb") as file:
        return RecordingInfo(
            about=_recognise(file, path), whole=chunks.read_index(file) is not None, entries=entries,
            batches=batches, first_ns=first, last_ns=last, problems=tuple(problems),
        )  # fmt: skip


class Follower:
    """Reads a file that may still be written. `finished` once its recorder has closed it. One thread.

    Raises RecordingError when the file is not a recording.
    """

    def __init__(self, path: Path, from_ns: int = 0, on_damage: OnDamage | None = None) -> None:
        self.path = path
        self.finished = False
        self._from_ns = from_ns
        self._on_damage = on_damage or (lambda said: log.warning("%s: %s", path.name, said))
        self._channels: dict[int, str] = {}
        self._file = path.open("rb", buffering=0)
        try:
            self.about = _recognise(self._file, path)
            self._walk = chunks.RecordWalk(self._file)
        except BaseException:
            self._file.close()
            raise

    def read(self) -> Iterator[Recorded]:
        """What has been written whole since the last call."""
        while not self.finished:
            try:
                record = self._walk.next()
            except DamageError as damage:
                self._on_damage(f"{damage}; nothing behind it can be read")
                self.finished = True
                return
            if record is None:
                return
            at, opcode, content = record
            if opcode == Opcode.DATA_END:
                self.finished = True
            elif opcode == Opcode.METADATA:
                self._learn(at, content)
            elif opcode == Opcode.CHUNK:
                if self._channels and chunks.chunk_ends_ns(content) < self._from_ns:
                    continue
                yield from _messages(at, content, self._channels, self._from_ns, self._on_damage)

    def close(self) -> None:
        self._file.close()

    def _learn(self, at: int, content: bytes) -> None:
        try:
            said = chunks.metadata(at, content)
        except DamageError as damage:
            self._on_damage(str(damage))
            return
        if said.name == METADATA:
            self.about = dict(said.metadata)


def _read(path: Path, from_ns: int, on_damage: OnDamage) -> Iterator[Recorded]:
    try:
        with path.open("rb") as file:
            index = chunks.read_index(file)
            if index is not None:
                yield from _read_by_index(file, index, from_ns, on_damage)
                return
        follower = Follower(path, from_ns, on_damage)
        try:
            yield from follower.read()
            if not follower.finished:
                on_damage("the file is cut off; everything up to its last whole chunk was read")
        finally:
            follower.close()
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror}") from error


def _read_by_index(
    file: IO[bytes], index: chunks.Index, from_ns: int, on_damage: OnDamage
) -> Iterator[Recorded]:
    channels = {id_: channel.topic for id_, channel in index.channels.items()}
    for place in index.chunks:
        if place.message_end_time < from_ns:
            continue
        try:
            content = chunks.chunk_at(file, place)
        except DamageError as damage:
            on_damage(str(damage))
            continue
        yield from _messages(place.chunk_start_offset, content, channels, from_ns, on_damage)


def _messages(
    at: int, content: bytes, channels: dict[int, str], from_ns: int, on_damage: OnDamage
) -> Iterator[Recorded]:
    try:
        records = chunks.open_chunk(at, content)
    except DamageError as damage:
        on_damage(f"{damage}; this chunk is left out")
        return
    for record in records:
        if isinstance(record, Channel):
            channels[record.id] = record.topic
        if isinstance(record, (Channel, Schema)) or record.log_time < from_ns:
            continue
        recorded = _understood(at, record, channels.get(record.channel_id, ""), on_damage)
        if recorded is not None:
            yield recorded


def _understood(at: int, message: Message, topic: str, on_damage: OnDamage) -> Recorded | None:
    try:
        if topic == DECISIONS:
            entry = unpack_entry(message.data)
            return Recorded(log_ns=message.log_time, published_ns=message.publish_time, entry=entry)
        if topic == TELEMETRY:
            batch = unpack_batch(message.data)
            return Recorded(log_ns=message.log_time, published_ns=message.publish_time, batch=batch)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        on_damage(f"byte {at}: a message on {topic} that this version does not understand: {error}")
    return None


def _recognise(file: IO[bytes], path: Path) -> dict[str, str]:
    """What the recorder wrote at the beginning. Raises RecordingError when no recorder of ours did."""
    try:
        walk = chunks.RecordWalk(file)
        first, second = walk.next(), walk.next()
        if first is None or first[1] != Opcode.HEADER or chunks.header(first[2]).profile != PROFILE:
            raise RecordingError("it is not a recording of this program, or cut off in its first line")
        if second is None or second[1] != Opcode.METADATA:
            raise RecordingError("it is cut off before its first message")
        return dict(chunks.metadata(second[0], second[2]).metadata)
    except (RecordingError, DamageError) as problem:
        raise RecordingError(f"{path} cannot be read as a recording: {problem}") from problem
