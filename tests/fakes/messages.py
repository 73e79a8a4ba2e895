"""Messages of threads, as short as can be: what is in them is said, nothing is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from console.citizens.personal import without_contacts
from console.model.incident import Incident
from console.model.ladder import CancelRequest, Essence, PartnerThread, Update
from console.model.state import CityState

MEDIA_TYPE = "application/cap+xml"
AGENCIES = ("KR-112", "KR-119")


class ToldMessages:
    """`console.rules.ladder.LadderMessages` of a test. `broken`: why no message can be made."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken
        self.kept: dict[str, tuple[str, dict[str, str]]] = {}
        self.numbers: dict[tuple[str, int], str] = {}

    def speaks_with(self, agency: str) -> bool:
        return agency in AGENCIES

    def card(self, agency: str) -> Collection[str]:
        return ("code", "content")

    def essence(self, incident: Incident, agency: str) -> Essence:
        return Essence(type=incident.type, code="1", position=incident.place.position)

    def request(
        self, state: CityState, incident: Incident, thread: PartnerThread
    ) -> tuple[bytes, str]:
        if self.broken:
            raise ValueError(self.broken)
        words = self.kept.get(thread.id, ("", {}))[0]
        return f"{thread.message_id}|{thread.person}|{incident.type}|{words}".encode(), MEDIA_TYPE

    def cancel(self, asked: CancelRequest, thread: PartnerThread) -> tuple[bytes, str]:
        return f"{asked.message_id}|{asked.reason}".encode(), MEDIA_TYPE

    def update(self, update: Update, thread: PartnerThread) -> tuple[bytes, str]:
        return f"{update.message_id}|{update.text}".encode(), MEDIA_TYPE

    def masked(self, text: str) -> str:
        return without_contacts(text)

    def keep(self, thread_id: str, text: str, fields: Sequence[tuple[str, str]]) -> None:
        before = self.kept.get(thread_id, ("", {}))[1]
        self.kept[thread_id] = (text, {**before, **dict(fields)})

    def keep_on(self, thread_id: str, from_thread: str) -> str:
        self.kept[thread_id] = (self.kept.get(from_thread, ("", {}))[0], {})
        return without_contacts(self.kept[thread_id][0])

    def keep_number(self, thread_id: str, call: int, number: str) -> None:
        self.numbers[thread_id, call] = number
