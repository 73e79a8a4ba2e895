"""A stream joined in the middle of a group of pictures: what came before is taken from the recorder.

A camera that serves one stream to many gives no key picture to who comes later, and nothing can be decoded
until the next one, up to some seconds. Where a recorder of this machine keeps the same camera, it has the
beginning of the group on disk. It counts only where a packet that came live is found in it byte by byte: then
everything before that packet is what the camera sent, and the picture that follows is as true as any other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from console.footage.record import StoredPacket
from console.footage.store import FootageStore

#: The recorder writes a few times a second; a key picture may come sooner.
LOOK_EVERY_S = 0.05
LOOK_FOR_S = 2.0
#: Shorter packets (a picture in which nothing moved) may be alike by chance.
LEAST_BYTES = 64
LONGEST_GROUP_PACKETS = 600


class Beginning(NamedTuple):
    """The packets of the group before the live packet number `number`."""

    packets: tuple[StoredPacket, ...]
    number: int


def beginning_of_group(
    store: FootageStore, camera_id: str, live: Sequence[bytes], codec: str, extradata: bytes
) -> Beginning | None:
    """The beginning of the group that the live packets belong to; None where it is not recorded (yet)."""
    edges = store.edges(camera_id)
    if edges is None:
        return None
    known = {data: number for number, data in reversed(tuple(enumerate(live))) if len(data) >= LEAST_BYTES}
    before: list[StoredPacket] = []
    for packet in store.packets(camera_id, edges[1]):
        if packet.is_key:
            before = []
        if packet.stream.codec != codec or packet.stream.extradata != extradata:
            return None
        number = known.get(packet.data)
        if number is not None and before:
            return Beginning(tuple(before), number)
        before.append(packet)
        if len(before) > LONGEST_GROUP_PACKETS:
            return None
    return None


class HeadStart:
    """Looks for the beginning in a thread of its own until found, no longer wanted, or given up."""

    def __init__(
        self, folder: Path, camera_id: str, codec: str, extradata: bytes,
        live: Callable[[], Sequence[bytes] | None], found: Callable[[Beginning | None], None],
    ) -> None:  # fmt: skip
        """`live` gives the packets that came so far, None when it is no longer wanted; `found` hears the
        outcome, None when there is none. Both are called from the thread."""
        self._folder, self._camera_id = folder, camera_id
        self._codec, self._extradata = codec, extradata
        self._live, self._found = live, found

    def start(self) -> None:
        threading.Thread(target=self._run, name="video-head-start", daemon=True).start()

    def _run(self) -> None:
        store = FootageStore(self._folder)
        until_s = time.monotonic() + LOOK_FOR_S
        beginning = None
        while beginning is None and time.monotonic() < until_s:
            live = self._live()
            if live is None:
                return
            store.refresh()
            beginning = beginning_of_group(store, self._camera_id, live, self._codec, self._extradata)
            if beginning is None:
                time.sleep(LOOK_EVERY_S)
        self._found(beginning)
