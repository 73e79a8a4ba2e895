"""Atom and RSS: the messages a feed carries in itself, and the addresses of those it only names.

Sources: RFC 4287 (Atom), RSS 2.0 and 1.0, RFC 3986 for relative addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.refusing import NotTaken, short
from console.gateways.cap.tree import ATOM, is_alert, line_of, name_of, namespace_of

CAP_TYPES = ("application/cap+xml", "application/common-alerting-protocol+xml")
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `alerts` it carries, else the absolute address `url` of one ("" when it has neither).

    `mark` changes when the entry does: its id with the time it was updated.
    """

    mark: str
    line: int
    url: str
    alerts: tuple[Any, ...]


def entries_of(root: Any, url: str) -> list[Entry]:
    """The newest entries of a feed, the oldest of them first, so that an update follows what it updates.

    `url` is where the feed came from, for relative addresses. Raises NotTaken for what is no feed.
    """
    read: Callable[[Any, str], Entry]
    if namespace_of(root) == ATOM and name_of(root) == "feed":
        items = [one for one in root if namespace_of(one) == ATOM and name_of(one) == "entry"]
        read = _atom
    elif name_of(root) in ("rss", "RDF"):
        items = [one for one in root.iter() if name_of(one) == "item"]
        read = _rss
    else:
        raise NotTaken("invalid", line_of(root), short(str(root.tag)), "is neither CAP, Atom nor RSS")
    most = cap_figures().most.entries
    return [read(one, url) for one in reversed(items[:most])]


def left_out(root: Any) -> int:
    """How many entries of the feed are beyond what is read at one time."""
    items = [one for one in root.iter() if name_of(one) in ("entry", "item")]
    return max(0, len(items) - cap_figures().most.entries)


def _atom(entry: Any, url: str) -> Entry:
    alerts = tuple(one for one in entry.iter() if is_alert(one))
    best, rank = "", 9
    for link in (one for one in entry if namespace_of(one) == ATOM and name_of(one) == "link"):
        rel, kind = link.get("rel", "alternate"), link.get("type", "").split(";")[0].strip().lower()
        if rel not in ("alternate", "enclosure", "related", "via") or not link.get("href"):
            continue
        xml = kind in ("text/xml", "application/xml")
        now = 0 if kind in CAP_TYPES else 2 if xml else 4 if not kind else 8
        now += rel not in ("alternate", "enclosure")
        if now < rank:
            best, rank = _join(_base(link, url), link.get("href")), now
    content = next((one for one in entry if namespace_of(one) == ATOM and name_of(one) == "content"), None)
    if not best and content is not None and content.get("src"):
        best = _join(_base(content, url), content.get("src"))
    mark = f"{_said(entry, 'id') or best} {_said(entry, 'updated')}"
    return Entry(mark, line_of(entry), "" if alerts else best, alerts)


def _rss(item: Any, url: str) -> Entry:
    alerts = tuple(one for one in item.iter() if is_alert(one))
    link = _said(item, "link")
    for enclosure in (one for one in item if name_of(one) == "enclosure"):
        if enclosure.get("type", "").split(";")[0].strip().lower() in CAP_TYPES and enclosure.get("url"):
            link = enclosure.get("url")
    address = _join(_base(item, url), link) if link else ""
    mark = f"{_said(item, 'guid') or address} {_said(item, 'pubDate') or _said(item, 'date')}"
    return Entry(mark, line_of(item), "" if alerts else address, alerts)


def _join(base: str, address: str) -> str:
    """The absolute address; empty for one that is none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _said(parent: Any, name: str) -> str:
    found = next((one for one in parent if name_of(one) == name), None)
    return " ".join((found.text or "").split())[:500] if found is not None else ""


def _base(element: Any, url: str) -> str:
    """The address relative ones begin from: every xml:base above, from the outside in."""
    bases = [one.get(XML_BASE) for one in (element, *element.iterancestors()) if one.get(XML_BASE)]
    for base in reversed(bases):
        url = _join(url, base)
    return url
