"""What the bar offers: one line, what Enter would do with it, and why it may not be done now."""

from __future__ import annotations

from typing import Literal

from console.model.base import Position, Record, Words

OfferKind = Literal[
    "verb", "past", "act", "page", "camera", "device", "place", "incident", "alarm", "chart", "mode",
    "layout", "acknowledge", "hand_off", "transfer", "tell", "withdraw", "phone",
    "note", "new",
]  # fmt: skip


class Offer(Record, frozen=True, kw_only=True):
    """One line, in the language it was asked in.

    `does` says what Enter will do; `refused` why it cannot be done now (empty: it can). `fill` is what stands
    in the field after Tab. `id` is what is meant (device, incident, act, ...), `ids` several cameras, `other`
    what else the act needs: the thread of a hand-off, the camera of a new incident. `ids` are the agencies of
    a hand-off. `text` goes to the record. `names` are what it is called in all languages.
    """

    kind: OfferKind
    id: str
    title: str
    does: str
    detail: str = ""
    key: str = ""
    refused: str = ""
    fill: str = ""
    ids: tuple[str, ...] = ()
    other: str = ""
    text: str = ""
    position: Position | None = None
    where: Words | None = None
    """What the place of a new incident is called."""
    names: tuple[str, ...] = ()

    @property
    def fills(self) -> bool:
        """Whether Enter only completes what is typed."""
        return self.kind in ("verb", "past")

    @property
    def means(self) -> tuple[str, ...]:
        """What Enter would do, apart from how it is said: equal for equal acts."""
        return (self.kind, self.id, self.other, self.text, *self.ids)
