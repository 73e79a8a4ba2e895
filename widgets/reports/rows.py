"""Citizens' reports as rows: filtered, searched, newest first. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.citizens.personal import without_contacts
from console.desk.board import Board
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.report.names import owner_name, service_name
from console.report.sheet import Cell
from widgets.kit.moments import Moments

VIEWS = ("open", "waiting", "overdue", "alone", "closed", "all")
"""Open; nobody answered yet; promised time over; open and in no incident; answered for good; everything."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is to show."""

    view: str = "open"
    service: str = ""
    text: str = ""


def is_overdue(report: CitizenReport, now_ns: int) -> bool:
    """Whether a time was promised and is over."""
    return report.is_open and 0 < report.expected_at_ns < now_ns


class Rows:
    """The reports that fit, newest first. `look` costs a comparison a report, and words only for new ones."""

    def __init__(self, board: Board, catalogue: Catalogue) -> None:
        self._board, self._catalogue = board, catalogue
        self._seen: Mapping[str, CitizenReport] = {}
        self._words: dict[str, tuple[CitizenReport, str]] = {}
        self.wanted = Wanted()
        self.shown: list[str] = []
        self._row_of: dict[str, int] = {}

    def look(self) -> tuple[bool, list[int]]:
        """Take the board's state: (whether other rows are shown than before, rows whose report changed)."""
        reports = self._board.state.reports
        changed = [one for one, report in reports.items() if self._seen.get(one) is not report]
        if not changed and len(reports) == len(self._seen):
            return False, []
        self._seen = dict(reports)
        before = self.shown
        self.take()
        if self.shown != before:
            return True, []
        return False, [self._row_of[one] for one in changed if one in self._row_of]

    def take(self) -> None:
        """All rows again."""
        now = self._board.clock.now_ns()
        self._seen = dict(self._board.state.reports)
        words = self.wanted.text.casefold().split()
        self.shown = [
            one.id for one in reversed(self._seen.values())
            if self._fits(one, now) and (not words or all(word in self._text(one) for word in words))
        ]  # fmt: skip
        self._row_of = {report_id: row for row, report_id in enumerate(self.shown)}
        if len(self._words) > 2 * len(self._seen):
            self._words = {one: said for one, said in self._words.items() if one in self._seen}

    def report(self, row: int) -> CitizenReport | None:
        """The report of a row, as it stood at the last look."""
        return self._seen.get(self.shown[row]) if 0 <= row < len(self.shown) else None

    def row_of(self, report_id: str) -> int:
        """Its row, -1 where it is not shown."""
        return self._row_of.get(report_id, -1)

    @property
    def counts(self) -> tuple[int, int]:
        """(shown, all)."""
        return len(self.shown), len(self._seen)

    def forget_words(self) -> None:
        """The language has changed."""
        self._words.clear()

    def _fits(self, report: CitizenReport, now_ns: int) -> bool:
        wanted = self.wanted
        if wanted.service and report.told.service != wanted.service:
            return False
        match wanted.view:
            case "open":
                return report.is_open
            case "waiting":
                return report.waits
            case "overdue":
                return is_overdue(report, now_ns)
            case "alone":
                return report.is_open and not report.incident_id
            case "closed":
                return not report.is_open
        return True

    def _text(self, report: CitizenReport) -> str:
        known = self._words.get(report.id)
        if known is not None and known[0] is report:
            return known[1]
        told, profile, say = report.told, self._board.profile, self._catalogue
        district = profile.districts.get(told.place.district)
        parts = [
            report.id, told.text, told.address, told.place.name.en, told.place.name.ko, report.incident_id,
            service_name(profile, say, told.service), owner_name(profile, say, report.agency), report.answer,
            *((district.name.en, district.name.ko) if district is not None else ()),
        ]  # fmt: skip
        text = " ".join(parts).casefold()
        self._words[report.id] = (report, text)
        return text


def export_titles(catalogue: Catalogue) -> list[str]:
    """The heads of an exported list."""
    names = ("id", "received", "changed", "service", "state", "place", "lat", "lon", "text", "answer",
             "office", "incident", "repeats", "expected")  # fmt: skip
    return [catalogue.say(f"reports.export.{name}") for name in names]


def export_line(report: CitizenReport, board: Board, catalogue: Catalogue, moments: Moments) -> list[Cell]:
    """A report as a line of a file that leaves the console: no contact data, and none that stood in texts."""
    told, profile = report.told, board.profile
    return [
        report.id, moments.moment(report.received_at_ns), moments.moment(report.changed_at_ns),
        service_name(profile, catalogue, told.service), catalogue.say(f"reports.stage.{report.stage}"),
        without_contacts(place_words(report, catalogue)), told.place.position.lat, told.place.position.lon,
        without_contacts(told.text), without_contacts(report.answer),
        owner_name(profile, catalogue, report.agency), report.incident_id, report.duplicate_of,
        moments.moment(report.expected_at_ns) if report.expected_at_ns else "",
    ]  # fmt: skip


def place_words(report: CitizenReport, catalogue: Catalogue) -> str:
    """Where it is: the address the citizen wrote, else the place's own name."""
    told = report.told
    return told.address or catalogue.words(told.place.name)
