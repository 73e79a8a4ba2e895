"""What is too old, or too much, goes: the oldest readings first, then the oldest minutes, hours last."""

from __future__ import annotations

from pathlib import Path

from console.history.figures import GIB, Figures
from console.history.layout import DAY_NS, HOUR, HOUR_NS, MINUTE, RAW, HistoryFile, Tier, files_of


def kept_ns(tier: Tier, figures: Figures) -> int:
    """How old the newest row of a file may be before the file goes."""
    keep = figures.keep
    if tier is RAW:
        return int(keep.raw_h * HOUR_NS)
    return int((keep.minute_d if tier is MINUTE else keep.hour_d) * DAY_NS)


def free_old(folder: Path, figures: Figures, now_ns: int) -> tuple[int, int]:
    """Delete files; how many went, and the bytes that are left. Imported sets stay until a person takes them
    out. The file of each tier that is being written stays. Raises OSError."""
    gone = 0
    left: list[tuple[Tier, HistoryFile, int]] = []
    for tier in (RAW, MINUTE, HOUR):
        for file in files_of(folder, tier):
            try:
                size = file.path.stat().st_size
                if file.begin_ns + tier.file_ns < now_ns - kept_ns(tier, figures):
                    file.path.unlink()
                    gone += 1
                    continue
            except FileNotFoundError:
                continue
            left.append((tier, file, size))
    total = sum(size for _, _, size in left)
    for tier, file, size in left:
        if total <= figures.disk.gib * GIB:
            break
        if file.begin_ns + tier.file_ns <= now_ns:
            file.path.unlink(missing_ok=True)
            total -= size
            gone += 1
    return gone, total
