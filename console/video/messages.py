"""What the window's process and its decoding processes say to each other.

One message is one packet of a Unix SEQPACKET socket: MessagePack of one of these records, with a file
descriptor beside it where it says so. Credentials travel here and nowhere else: not in argv, not in the
environment.
"""

from __future__ import annotations

import msgspec

from console.model.base import Record
from console.video.source import Credential, Source
from console.video.transport import Transport

LARGEST_BYTES = 64 * 1024


class Opening(Record, frozen=True, kw_only=True, tag="opening"):
    """First message to a worker; with the descriptor of its pulse memory (`WORKER_WORDS`)."""

    parent_pid: int


class Gate(Record, frozen=True, kw_only=True, tag="gate"):
    """Second message to a worker; with the descriptor of `console.video.gate`, the same for all workers."""


class Show(Record, frozen=True, kw_only=True, tag="show"):
    """Decode `source` into the pane memory whose descriptor comes with this message."""

    feed: int
    source: Source
    credential: Credential | None
    width: int
    height: int
    level: int = 0
    #: Where a recorder of this machine may keep this camera; both empty where that is not known.
    footage: str = ""
    camera_id: str = ""


class Quality(Record, frozen=True, kw_only=True, tag="quality"):
    """Decode the source of this feed at this level (`console.video.load.Level`) from now on."""

    feed: int
    level: int


class Hide(Record, frozen=True, kw_only=True, tag="hide"):
    feed: int


class SetTransport(Record, frozen=True, kw_only=True, tag="set_transport"):
    """All recorded panes of the transport's group follow it from now on."""

    transport: Transport


class Step(Record, frozen=True, kw_only=True, tag="step"):
    """Which picture is `count` pictures after (below 0: before) the one recorded at `from_ns`?"""

    feed: int
    from_ns: int
    count: int


class Stop(Record, frozen=True, kw_only=True, tag="stop"):
    """Finish and end."""


class Trouble(Record, frozen=True, kw_only=True, tag="trouble"):
    """From a worker: why a feed has no picture, in the decoder's own words without secrets."""

    feed: int
    reason: str
    detail: str


class Stepped(Record, frozen=True, kw_only=True, tag="stepped"):
    """From a worker: the answer to `Step`; None where there are not so many pictures."""

    feed: int
    from_ns: int
    count: int
    wall_ns: int | None


class Failed(Record, frozen=True, kw_only=True, tag="failed"):
    """From a worker: a fault of the program itself, with its traceback without secrets."""

    text: str


ToWorker = Opening | Gate | Show | Quality | SetTransport | Step | Hide | Stop
FromWorker = Trouble | Stepped | Failed

encode = msgspec.msgpack.Encoder().encode
decode_to_worker = msgspec.msgpack.Decoder(ToWorker).decode
decode_from_worker = msgspec.msgpack.Decoder(FromWorker).decode

# Words of a worker's pulse memory (int64), written by the worker, read by the supervisor.
PULSE_NS, BUSY_FEED, BUSY_NS, LATE_NS, PULSE_WORDS = 0, 1, 2, 3, 8
