"""How the console itself is: the items of the status bar and the troubles of the banner. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from console.language import Catalogue
from console.paths import shipped
from widgets.kit.moments import Moments
from widgets.shell.gateways import Gateways
from widgets.shell.recorders import Recorders
from widgets.shell.troubles import Level, Trouble

if TYPE_CHECKING:
    from console.desk.board import Board

class Bounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """assets/style/desk.toml: from where on something is abnormal."""

    hub: dict[str, float]
    ui: dict[str, float]
    disk: dict[str, float]


def load_bounds() -> Bounds:
    """Read the shipped figures. Raises msgspec.ValidationError naming the key that is wrong."""
    path = shipped("assets") / "style" / "desk.toml"
    return msgspec.toml.decode(path.read_bytes(), type=Bounds)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the status bar: what it is about, what is so, how that is, and what it means in a
    sentence.
    """

    id: str
    caption: str
    value: str
    level: Level
    hint: str


class Health:
    """Reads the board and says it in the catalogue's present language. UI thread."""

    def __init__(self, board: Board, catalogue: Catalogue, moments: Moments, bounds: Bounds) -> None:
        self._board, self._catalogue, self._moments, self._bounds = board, catalogue, moments, bounds
        self._camera_count = len(board.profile.cameras)
        self._recorders = Recorders(board, catalogue, moments)
        self._gateways = Gateways(board, catalogue, moments)

    def items(self, gap_ms: tuple[float, float], mishaps: tuple[int, str], video_lost: int = 0) -> list[Item]:
        """The status bar from left to right. `gap_ms` is (p99, max) of the UI thread, `mishaps` (count,
        last).
        """
        items = [self._cameras(), self._recorded(), self._hub()]
        if self._board.state.gateways:
            items.append(self._heard())
        if self._board.profile.modes:
            items.insert(0, self._mode())
        items += [self._partner(agency_id) for agency_id in self._board.profile.agencies]
        # Only where there is something to say: the bar has room for what is watched.
        items += [one for one in (self._drops(), self._ui(gap_ms)) if one.level != "up"]
        if mishaps[0]:
            value = f"{mishaps[0]} · {mishaps[1]}"
            items.append(self._item("mishaps", value, "degraded"))
        return items

    def troubles(self) -> list[Trouble]:
        """What has to be said across the top now, the worst first."""
        board, now_ns = self._board, self._board.clock.now_ns()
        found: list[Trouble] = []
        since_s = (now_ns - board.link_since_ns) / 1e9
        if board.link == "stale":
            found.append(
                self._trouble("hub_lost", 1, age=self._age(), at=self._moments.clock(board.link_since_ns))
            )
        elif board.link == "connecting" and since_s > self._bounds.hub["connecting_s"]:
            found.append(self._trouble("connecting", 2, age=self._age()))
        if board.health is not None:
            if not board.health.ledger_ok:
                found.append(self._trouble("ledger", 1, problem=board.health.ledger_problem))
            elif board.health.free_bytes < self._bounds.disk["low_bytes"]:
                free = f"{board.health.free_bytes / 1e9:.1f}"
                found.append(self._trouble("disk", 2, free=free))
        found += self._recorders.troubles(now_ns)
        found += self._gateways.troubles(now_ns)
        for agency_id, agency in board.profile.agencies.items():
            link = board.state.partners.get(agency_id)
            if link is not None and not link.up:
                found.append(
                    self._trouble(
                        "partner", 2, agency=self._catalogue.words(agency.short), number=agency.number,
                        age=self._moments.age(link.since_ns, now_ns), why=self._catalogue.words(link.why),
                    )
                )  # fmt: skip
        return sorted(found, key=lambda trouble: trouble.priority)

    def _mode(self) -> Item:
        """What the city's mode is; the key that changes it stands beside it."""
        mode = self._board.profile.modes.get(self._board.state.mode)
        if mode is None:
            name = self._catalogue.say("report.mode.normal")
        else:
            name = self._catalogue.words(mode.name)
        return self._item("mode", f"{name}  Ctrl+M", "up" if mode is None else "degraded")

    def _cameras(self) -> Item:
        """Cameras that give a picture; one that is degraded still does, down or out of service does not."""
        cameras = self._board.profile.cameras
        lost = sum(
            1 for device_id, state in self._board.state.devices.items()
            if state.condition in ("down", "out_of_service", "unknown") and device_id in cameras
        )  # fmt: skip
        value = f"{self._camera_count - lost:,}/{self._camera_count:,}"
        return self._item("cameras", value, "degraded" if lost else "up")

    def _recorded(self) -> Item:
        return Item("recorder", self._catalogue.say("shell.status.recorder.name"), *self._recorders.item())

    def _heard(self) -> Item:
        return Item("gateway", self._catalogue.say("shell.status.gateway.name"), *self._gateways.item())

    def _hub(self) -> Item:
        board = self._board
        if board.link != "live":
            value = f"{self._catalogue.say(f'kit.link.{board.link}')} · {self._age()}"
            return self._item("hub", value, "down" if board.link == "stale" else "unknown")
        if board.health is None:
            return self._item("hub", self._catalogue.say("kit.unknown"), "unknown")
        now_ns = board.clock.now_ns()
        if now_ns - board.health_at_ns > self._bounds.hub["health_stale_s"] * 1e9:
            age = self._moments.age(board.health_at_ns, now_ns)
            value = self._catalogue.say("shell.status.hub.silent", age=age)
            return self._item("hub", value, "degraded")
        if not board.health.ledger_ok:
            return self._item("hub", self._catalogue.say("shell.status.hub.ledger"), "down")
        return self._item("hub", self._catalogue.say("kit.link.live"), "up")

    def _partner(self, agency_id: str) -> Item:
        agency = self._board.profile.agencies[agency_id]
        caption = self._catalogue.words(agency.short)
        link = self._board.state.partners.get(agency_id)
        key = "unknown" if link is None or self._board.link != "live" else "up" if link.up else "down"
        level: Level = "unknown" if key == "unknown" else "up" if key == "up" else "down"
        hint = self._catalogue.say("shell.status.partner.hint", agency=self._catalogue.words(agency.name))
        value = self._catalogue.say(f"shell.status.partner.{key}")
        return Item(f"partner.{agency_id}", caption, value, level, hint)

    def _drops(self) -> Item:
        health = self._board.health
        count = self._board.lost_batches + (sum(health.drops.values()) if health is not None else 0)
        return self._item("drops", f"{count:,}", "degraded" if count else "up")

    def _ui(self, gap_ms: tuple[float, float]) -> Item:
        p99, longest = gap_ms
        value = self._catalogue.say("shell.status.ui.value", p99=f"{p99:.0f}", max=f"{longest:.0f}")
        return self._item("ui", value, "degraded" if longest > self._bounds.ui["stall_ms"] else "up")

    def _item(self, name: str, value: str, level: Level) -> Item:
        say = self._catalogue.say
        return Item(name, say(f"shell.status.{name}.name"), value, level, say(f"shell.status.{name}.hint"))

    def _trouble(self, name: str, priority: int, **fields: Any) -> Trouble:
        say = self._catalogue.say
        parts = (say(f"shell.trouble.{name}.{part}", **fields) for part in ("happened", "affected", "act"))
        return Trouble(name, priority, *parts)

    def _age(self) -> str:
        return self._moments.age(self._board.link_since_ns, self._board.clock.now_ns())
