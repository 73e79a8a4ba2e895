"""From bytes of a source to facts for the hub: each message once, what cannot be used counted by place."""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec

from console.gateways.cap.alert import read_alert
from console.gateways.cap.feed import Entry, entries_of, left_out
from console.gateways.cap.figures import cap_figures
from console.gateways.cap.refusing import NotTaken
from console.gateways.cap.signature import judge
from console.gateways.cap.sources import Source
from console.gateways.cap.tree import SIGNATURE, is_alert, namespace_of, tree_of
from console.model.fact import WarningHeard
from console.model.warning import WarningMessage
from console.wire.codec import encode

REMEMBERED = 20_000
"""Messages and refusals of one source that are not told twice by this process; the hub knows its own."""
_log = logging.getLogger("bongsu.gateway.cap")

Report = Callable[[WarningHeard], None]
Refuse = Callable[[str, str, int], None]
"""Cause, example with its place, how many."""


class Intake:
    """One source's messages. Not a thread's own: one call at a time."""

    def __init__(self, source: Source, report: Report, refuse: Refuse) -> None:
        self._source, self._report, self._refuse = source, report, refuse
        self._known: OrderedDict[str, None] = OrderedDict()

    def take(self, data: bytes, where: str, url: str = "") -> list[Entry]:
        """A message, or a feed: the entries that only name where their message is. Raises nothing."""
        try:
            root = tree_of(data, cap_figures().most.feed_bytes)
            if is_alert(root):
                if len(data) > (most := cap_figures().most.message_bytes):
                    problem = f"is {len(data)} bytes; at most {most} are read"
                    raise NotTaken("too_large", 0, "message", problem)
                self._tell([self._message(root, data, where)])
                return []
            entries = entries_of(root, url)
        except NotTaken as refused:
            self.refuse(refused, where)
            return []
        beyond = left_out(root)
        if beyond:
            self._refuse("too_large", f"{where}: {beyond} entries are beyond those that are read", beyond)
        self._tell([self._embedded(alert, where) for entry in entries for alert in entry.alerts])
        for entry in entries:
            if not entry.alerts and not entry.url:
                problem = "neither holds nor names a message"
                self.refuse(NotTaken("invalid", entry.line, "entry", problem), where)
        return [one for one in entries if one.url]

    def refuse(self, problem: NotTaken, where: str) -> None:
        """Count what cannot be used, once for the same place and problem."""
        if not self._again(f"refused {where} {problem}"):
            _log.warning("%s: %s: %s", self._source.id, where, problem)
            self._refuse(problem.cause, f"{where}: {problem}", 1)

    def _tell(self, messages: list[WarningMessage | None]) -> None:
        """In the order they were sent: a feed has the newest first."""
        for message in sorted((one for one in messages if one is not None), key=lambda one: one.sent_ns):
            data = msgspec.msgpack.encode(message)
            uid = hashlib.sha256(data).hexdigest()[:32]
            if not self._again(f"message {uid}"):
                self._report(WarningHeard(uid=uid, message=message))

    def _embedded(self, alert: Any, where: str) -> WarningMessage | None:
        """A message in a feed. A signature is not judged there: the feed has changed what surrounds it."""
        try:
            return self._message(alert, b"", where)
        except NotTaken as problem:
            self.refuse(problem, where)
            return None

    def _message(self, alert: Any, data: bytes, where: str) -> WarningMessage:
        message, faults = read_alert(alert, self._source.id, where)
        for fault in faults:
            self.refuse(fault, where)
        source = self._source
        if data:
            state, signer = judge(data, source.trusted, message.sent_ns, source.weak_signatures)
        else:
            signed = any(namespace_of(one) == SIGNATURE for one in alert)
            state, signer = ("unknown" if signed else "none"), ""
        if source.require_signature and state != "trusted":
            raise NotTaken("bad_signature", 0, "Signature", "is not a trusted one, as this source needs")
        message = msgspec.structs.replace(message, signature=state, signed_by=signer)
        size = len(encode(WarningHeard(uid="", message=message)))
        if size > cap_figures().most.fact_bytes:
            most = cap_figures().most.fact_bytes
            raise NotTaken("too_large", 0, "message", f"comes to {size} bytes; at most {most} are told")
        return message

    def _again(self, key: str) -> bool:
        if key in self._known:
            self._known.move_to_end(key)
            return True
        self._known[key] = None
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return False


