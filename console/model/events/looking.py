"""Who looked at what, live or in the record, and what left the console."""

from __future__ import annotations

from console.model.events.base import Event


class ViewingStarted(Event, frozen=True, kw_only=True, tag="viewing.started"):
    """A person may see these cameras from here on; committed before the first picture is shown."""

    desk: str
    person: str
    camera_ids: tuple[str, ...]
    purpose: str


class ViewingEnded(Event, frozen=True, kw_only=True, tag="viewing.ended"):
    """A person no longer sees these cameras."""

    desk: str
    person: str
    camera_ids: tuple[str, ...]


class LogRead(Event, frozen=True, kw_only=True, tag="log.read"):
    """A person looked something up in the record."""

    desk: str
    person: str
    query: str


class LogExported(Event, frozen=True, kw_only=True, tag="log.exported"):
    """A person took a part of the record out of the console; committed before the file is written."""

    desk: str
    person: str
    what: str
    format: str
    reason: str
