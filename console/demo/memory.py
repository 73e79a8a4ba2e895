"""Memory of a set of processes, shared pages counted once in all (PSS)."""

from __future__ import annotations

from collections.abc import Iterable

import psutil


def pss_mb(pids: Iterable[int]) -> float:
    """Proportional set size of the processes and all their children, MiB; what is gone counts nothing."""
    total = 0
    seen: set[int] = set()
    for pid in pids:
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.Error:
            continue
        for process in family:
            if process.pid in seen:
                continue
            seen.add(process.pid)
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
    return total / (1 << 20)
