"""What every event is, and what made it so."""

from __future__ import annotations

from console.model.base import Record


class Event(Record, frozen=True, kw_only=True, tag_field="kind"):
    """Base of all events; the tag is `noun.verb`."""


class Cause(Record, frozen=True, kw_only=True):
    """Who or what made it so.

    `actor` is "person:NAME", "rule:NAME", "gateway:NAME", "agency:NAME" or "hub"; `parent` the seq of the
    entry it follows from; `command_id` the request that asked for it.
    """

    actor: str
    parent: int = 0
    command_id: str = ""
    desk: str = ""
