"""The open buckets, kept on disk at each block, so that a restart goes on where the blocks end.

`files` are the sizes the files of history had then: what a crash left behind them is written again.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import zstandard

from console.history.rollup import Accumulator
from console.model.base import Record
from console.paths import write_private

_MAGIC = b"BONGSU-ROLL-1\n\0\0"
_LARGEST = 1 << 30


class Saved(Record, frozen=True, kw_only=True):
    """`journal` is the first journal whose readings are not in the blocks. `cells` by tier and name."""

    roster: str
    journal: int
    at_ns: int
    files: dict[str, int]
    cells: dict[str, dict[str, bytes]]


def save(
    path: Path, roster: str, journal: int, at_ns: int, files: dict[str, int],
    open_: dict[str, Accumulator],
) -> None:  # fmt: skip
    """Write the open buckets, whole or not at all. Raises OSError."""
    cells = {
        tier: {name: column.tobytes() for name, column in one.cells.items()} for tier, one in open_.items()
    }
    saved = Saved(roster=roster, journal=journal, at_ns=at_ns, files=files, cells=cells)
    data = zstandard.ZstdCompressor(level=1).compress(msgspec.msgpack.encode(saved))
    write_private(path, _MAGIC + zlib.crc32(data).to_bytes(4, "little") + data)


def load(path: Path) -> Saved | None:
    """What was kept; None where there is none, or it is damaged."""
    try:
        data = path.read_bytes()
        if not data.startswith(_MAGIC):
            return None
        crc, body = data[len(_MAGIC) : len(_MAGIC) + 4], data[len(_MAGIC) + 4 :]
        if zlib.crc32(body) != int.from_bytes(crc, "little"):
            return None
        raw = zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST)
        return msgspec.msgpack.decode(raw, type=Saved)
    except (OSError, zstandard.ZstdError, msgspec.DecodeError):
        return None


def put_back(saved: Saved, tier: str, into: Accumulator) -> bool:
    """Give an accumulator what was kept; False where it does not fit (another list of points)."""
    found: dict[str, Any] = {}
    for name, column in into.cells.items():
        data = saved.cells.get(tier, {}).get(name, b"")
        if len(data) != column.nbytes:
            return False
        found[name] = np.frombuffer(data, column.dtype).copy()
    into.cells.update(found)
    return True
