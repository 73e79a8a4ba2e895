"""The one way from one thread to another: put from any thread, take in the thread that polls `fileno`."""

from __future__ import annotations

import os
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """An unbounded queue with a file descriptor that is readable while something may be inside.

    What puts into it is bounded by its own protocol (one batch in flight, one page per query).
    """

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._closed = False

    def fileno(self) -> int:
        """The descriptor to poll for reading."""
        return self._reader

    def put(self, item: Item) -> None:
        """Add an item and wake the taker. After close() the item is dropped. Any thread."""
        if self._closed:
            return
        self._items.append(item)
        try:
            os.write(self._writer, b"!")
        except (BlockingIOError, OSError):
            pass  # full of wake-ups already, or just closed: the taker will look anyway

    def take(self) -> list[Item]:
        """Everything that is inside, oldest first. Taker's thread only."""
        try:
            while os.read(self._reader, 4096):
                pass
        except BlockingIOError:
            pass
        taken: list[Item] = []
        while self._items:
            taken.append(self._items.popleft())
        return taken

    def close(self) -> None:
        """Close the descriptors. Once, by the taker."""
        if not self._closed:
            self._closed = True
            os.close(self._reader)
            os.close(self._writer)
