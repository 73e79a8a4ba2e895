"""A gateway's connection to the hub: measurements as they come, facts until the hub has them on disk."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import zmq

from console.clock import SECOND_NS, Clock
from console.gateways.orders import OrdersTaken
from console.model.control import DeviceOrder, ServesControls
from console.model.fact import AnyFact, GatewaySaid
from console.model.gateway import GatewayReport
from console.telemetry.table import Columns
from console.wire.batch import BatchHeader, batch_frames
from console.wire.codec import WireError, decode_order, decode_taken, encode
from console.wire.keys import KeyPair
from console.wire.mailbox import Mailbox
from console.wire.rendezvous import read_doors
from console.wire.sockets import connect

ROWS_PER_BATCH = 50_000
"""Keeps every frame of a batch (8 bytes a row at most) under the limit of the door."""
RESEND_AFTER_NS = 2 * SECOND_NS
SILENT_AFTER_NS = 4 * SECOND_NS
MAX_KEPT_FACTS = 50_000

_log = logging.getLogger("bongsu.gateway.link")


class GatewayLink:
    """One thread that owns the socket. `publish`, `report` and `wait_taken` from any other thread.

    `dropped_readings` counts what could not be sent because the hub was away: measurements are not kept, the
    next ones are as good. Facts are kept (at most MAX_KEPT_FACTS) and sent again until taken.

    With `serves` and `on_order` it carries orders to devices: `on_order` is called in the link's thread, once
    for each order, and must return soon; what the devices answer is reported as `ControlAnswerSeen` facts
    (`console.gateways.orders.answer`).
    """

    def __init__(
        self, home: Path, key: KeyPair, source: str, profile_digest: str, clock: Clock,
        on_taken: Callable[[str, str], None] | None = None, serves: ServesControls | None = None,
        on_order: Callable[[DeviceOrder], None] | None = None,
    ) -> None:
        self._home, self._key, self._source, self._clock = home, key, source, clock
        self._digest = profile_digest
        self._on_taken = on_taken
        self._serves = serves if on_order is not None else None
        self._orders = OrdersTaken(clock, on_order, self.report) if on_order is not None else None
        self._out: Mailbox[Columns | AnyFact | None] = Mailbox()
        self._kept: OrderedDict[str, tuple[AnyFact, int]] = OrderedDict()
        self._empty = threading.Condition()
        self._unsent: deque[str] = deque()
        self._sequence = 0
        self._said: GatewaySaid | None = None
        self.dropped_readings = 0
        self.refused: dict[str, str] = {}
        self.connected = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"gateway-link-{source}", daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def close(self, wait_s: float = 0.0) -> None:
        """End the thread, after waiting at most `wait_s` for facts that are still under way."""
        if wait_s:
            if self._said is not None:
                self.say(msgspec.structs.replace(self._said.report, state="stopped"))
            self.wait_taken(wait_s)
        self._out.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._out.close()

    def publish(self, columns: Columns) -> None:
        """Send readings, in as many batches as they need."""
        for start in range(0, len(columns), ROWS_PER_BATCH):
            rows = slice(start, start + ROWS_PER_BATCH)
            self._out.put(
                Columns(
                    columns.points[rows], columns.values[rows], columns.taken_at_ns[rows],
                    columns.quality[rows],
                )
            )

    def report(self, fact: AnyFact) -> None:
        """Send a fact; it is kept until the hub has it on disk."""
        with self._empty:
            self._kept[fact.uid] = (fact, 0)
            while len(self._kept) > MAX_KEPT_FACTS:
                uid, _ = self._kept.popitem(last=False)
                self.refused[uid] = "the hub was away for too long"
        self._out.put(fact)

    def say(self, report: GatewayReport) -> None:
        """How the gateway is from now on. Only the newest is kept, and said again at each new connection."""
        said = GatewaySaid(uid=uuid.uuid4().hex, report=report)
        with self._empty:
            if self._said is not None:
                self._kept.pop(self._said.uid, None)
            self._said = said
        self.report(said)

    def wait_taken(self, timeout_s: float) -> bool:
        """Wait until the hub has every fact; False when it has not in that time."""
        with self._empty:
            return self._empty.wait_for(lambda: not self._kept, timeout_s)

    @property
    def waiting_facts(self) -> int:
        """Facts the hub has not confirmed yet."""
        return len(self._kept)

    def _run(self) -> None:
        context: zmq.Context[Any] = zmq.Context(io_threads=1)
        try:
            while self._session(context):
                pass
        except Exception:
            _log.exception("The gateway's link stopped by an error of the console itself.")
        finally:
            context.destroy(linger=0)

    def _session(self, context: zmq.Context[Any]) -> bool:
        """From one hub's start to its end; False to end the thread."""
        doors = read_doors(self._home)
        poller = zmq.Poller()
        poller.register(self._out.fileno(), zmq.POLLIN)
        if doors is None:
            poller.poll(100)
            return self._discard()
        socket = connect(context, zmq.DEALER, doors.ingest, self._key)
        poller.register(socket, zmq.POLLIN)
        try:
            return self._serve(socket, poller)
        finally:
            self.connected.clear()
            socket.close(linger=0)

    def _serve(self, socket: zmq.Socket[Any], poller: zmq.Poller) -> bool:
        heard, pinged = self._clock.mono_ns(), 0
        with self._empty:  # a new connection: everything not confirmed goes out again, in its order
            if self._said is not None and self._said.uid not in self._kept:
                # The hub may have told this gateway as silent meanwhile, or be one that never heard of it.
                self._said = msgspec.structs.replace(self._said, uid=uuid.uuid4().hex)
                self._kept[self._said.uid] = (self._said, 0)
            self._kept.update({uid: (fact, 0) for uid, (fact, _) in self._kept.items()})
            self._unsent = deque(self._kept)
        while True:
            ready = dict(poller.poll(200 if self.connected.is_set() else 10))
            if socket in ready:
                heard = self._clock.mono_ns()
                self.connected.set()
                self._answers(socket)
            for item in self._out.take() if self._out.fileno() in ready else ():
                if item is None:
                    return False
                if isinstance(item, Columns):
                    self._batch(socket, item)
                else:
                    self._unsent.append(item.uid)
            self._flush(socket)
            now = self._clock.mono_ns()
            if now - pinged > SECOND_NS:
                pinged = now if self._send(socket, [b"P"]) else 0
                if pinged and self._serves is not None:
                    self._send(socket, [b"S", encode(self._serves)])
                self._again(now)
            if now - heard > SILENT_AFTER_NS:
                self.connected.clear()
                # Always anew: a socket that was refused once (a key not known yet) never tries again.
                return True

    def _answers(self, socket: zmq.Socket[Any]) -> None:
        while True:
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            if frames[0] == b"O" and len(frames) == 2:
                self._order(frames[1])
                continue
            if frames[0] != b"T" or len(frames) != 2:
                continue
            try:
                taken = decode_taken(frames[1])
            except WireError as error:
                _log.warning("An answer of the hub could not be read: %s", error)
                continue
            with self._empty:
                self._kept.pop(taken.uid, None)
                if taken.problem:
                    self.refused[taken.uid] = taken.problem
                self._empty.notify_all()
            if self._on_taken is not None:
                self._on_taken(taken.uid, taken.problem)

    def _order(self, data: bytes) -> None:
        try:
            order = decode_order(data)
        except WireError as error:
            _log.warning("An order of the hub could not be read: %s", error)
            return
        if self._orders is not None:
            self._orders.take(order)

    def _batch(self, socket: zmq.Socket[Any], columns: Columns) -> None:
        self._sequence += 1
        header = BatchHeader(
            source=self._source, sequence=self._sequence, sent_ns=self._clock.now_ns(), count=len(columns),
            profile_digest=self._digest,
        )
        if not self._send(socket, [b"B", *batch_frames(header, columns)]):
            self.dropped_readings += len(columns)

    def _flush(self, socket: zmq.Socket[Any]) -> None:
        """Send what waits, in its order: what cannot be sent now holds back what came after it."""
        while self._unsent:
            with self._empty:
                kept = self._kept.get(self._unsent[0])
            if kept is not None and kept[1] == 0:
                fact = kept[0]
                if not self._send(socket, [b"F", encode(fact)]):
                    return
                with self._empty:
                    if fact.uid in self._kept:
                        self._kept[fact.uid] = (fact, self._clock.mono_ns())
            self._unsent.popleft()

    def _again(self, now: int) -> None:
        """What was sent and not confirmed for a while is sent again, in its order."""
        if self._unsent:
            return
        with self._empty:
            old = [uid for uid, (_, sent) in self._kept.items() if sent and now - sent > RESEND_AFTER_NS]
            for uid in old:
                self._kept[uid] = (self._kept[uid][0], 0)
        self._unsent.extend(old)

    def _send(self, socket: zmq.Socket[Any], frames: list[bytes]) -> bool:
        try:
            socket.send_multipart(frames, zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def _discard(self) -> bool:
        """No hub yet: facts stay kept, readings are dropped and counted."""
        for item in self._out.take():
            if item is None:
                return False
            if isinstance(item, Columns):
                self._sequence += 1
                self.dropped_readings += len(item)
        return True
