"""Which pictures are left out on purpose, when load control says so."""

from __future__ import annotations

from console.video.load import Level

#: At the end of a group of pictures so much is left out at most: the pane's picture never gets old by it.
TAIL_NS = 1_500_000_000
#: However much is left out, a picture is shown when the last one is this old.
SHOW_AT_LEAST_EVERY_NS = 400_000_000
LONGEST_GROUP_NS = 20_000_000_000


class GroupHeads:
    """Lets only the beginning of each group of pictures through to the decoder. Times are the packets' own or
    those of their arrival, ns; one thread."""

    def __init__(self) -> None:
        self._key_ns: int | None = None
        self._group_ns = 0
        self._leaving = False

    def takes(self, is_key: bool, at_ns: int, thin: bool) -> bool:
        """Whether a packet is decoded. Without `thin` all are, from the next key picture on."""
        if is_key:
            if self._key_ns is not None and 0 < at_ns - self._key_ns < LONGEST_GROUP_NS:
                self._group_ns = at_ns - self._key_ns
            self._key_ns = at_ns
            self._leaving = False
            return True
        if self._leaving:
            return False
        if thin and self._key_ns is not None and self._group_ns:
            self._leaving = at_ns >= self._key_ns + max(0, self._group_ns - TAIL_NS)
        return not self._leaving

    def restart(self) -> None:
        """Decoding goes on somewhere else."""
        self._key_ns, self._leaving = None, False


class Thinning:
    """Says which decoded pictures are shown: every one, every second, or every third."""

    def __init__(self) -> None:
        self._count = 0

    def leaves_out(self, level: Level, is_key: bool, since_shown_ns: int) -> bool:
        """Whether the next picture is left out, `since_shown_ns` after the last one that was shown."""
        every = 1 if level < Level.HALF_RATE else 2 if level is Level.HALF_RATE else 3
        if level is Level.SUB:  # a small picture is scaled quickly
            every = 1
        self._count += 1
        if is_key or since_shown_ns >= SHOW_AT_LEAST_EVERY_NS or self._count >= every:
            self._count = 0
            return False
        return True
