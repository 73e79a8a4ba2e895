"""The reports the server can show: by number, by token, or as a list by filter. One thread, the server's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.clock import SECOND_NS
from console.gateways.open311.config import Answers
from console.gateways.open311.form import Form, one, read_moment
from console.gateways.open311.mistakes import GeoError
from console.model.citizenreport import CitizenReport
from console.profile.reports import ReportBook

DAY_NS = 86_400 * SECOND_NS
MOST_IDS = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as it was asked for; times in ns since 1970, [from, to]."""

    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    from_ns: int = 0
    to_ns: int = 1 << 62
    changed_from_ns: int = 0
    changed_to_ns: int = 1 << 62
    page: int = 1
    page_size: int = 1000


def read_wanted(form: Form, book: ReportBook, answers: Answers, now_ns: int) -> Wanted:
    """The filter of a query. Without dates: the last 90 days. Raises GeoError."""
    ids = _list(form, "service_request_id")
    if len(ids) > MOST_IDS:
        raise GeoError(400, "too_large", "service_request_id", limit=f"{MOST_IDS} ids")
    services = _list(form, "service_code")
    for code in services:
        if code not in book.services:
            raise GeoError(404, "unknown_service", "service_code")
    statuses = _list(form, "status")
    if not set(statuses) <= {"open", "closed"}:
        raise GeoError(400, "bad_status", "status")
    span = int(answers.longest_span_days * DAY_NS)
    from_ns, to_ns = _time(form, "start_date"), _time(form, "end_date")
    if from_ns is None and to_ns is None:
        from_ns, to_ns = now_ns - span, 1 << 62
    elif to_ns is None:
        assert from_ns is not None
        to_ns = from_ns + span
    elif from_ns is None:
        from_ns = to_ns - span
    elif not 0 <= to_ns - from_ns <= span:
        days = f"{answers.longest_span_days:g}"
        raise GeoError(400, "bad_span", "start_date, end_date", days=days)
    changed_from, changed_to = _time(form, "updated_after"), _time(form, "updated_before")
    asked = one(form, "page") or one(form, "page_size")
    most = answers.most_requests
    return Wanted(
        ids=ids, services=services, statuses=frozenset(statuses), from_ns=from_ns, to_ns=to_ns,
        changed_from_ns=changed_from or 0, changed_to_ns=1 << 62 if changed_to is None else changed_to,
        page=_whole(form, "page", 1, 1_000_000),
        page_size=_whole(form, "page_size", answers.page_size, most) if asked else most,
    )  # fmt: skip


class ReportList:
    """What citizens' apps can see, from the hub's decisions. Newest first."""

    def __init__(self) -> None:
        self._by_id: dict[str, CitizenReport] = {}
        self._by_token: dict[str, str] = {}

    def replace(self, reports: Iterable[CitizenReport]) -> None:
        """Everything anew, oldest first."""
        self._by_id = {report.id: report for report in reports}
        self._by_token = {report.told.token: report.id for report in self._by_id.values()}

    def put(self, report: CitizenReport) -> None:
        """One report that came or changed."""
        self._by_id[report.id] = report
        self._by_token[report.told.token] = report.id

    def keep_only(self, ids: frozenset[str] | set[str]) -> None:
        """Forget what the hub no longer keeps at hand."""
        if len(ids) < len(self._by_id):
            self.replace(one for one in tuple(self._by_id.values()) if one.id in ids)

    def __len__(self) -> int:
        return len(self._by_id)

    def all(self) -> Iterable[CitizenReport]:
        return self._by_id.values()

    def by_id(self, report_id: str) -> CitizenReport | None:
        return self._by_id.get(report_id)

    def by_token(self, token: str) -> CitizenReport | None:
        return self._by_id.get(self._by_token.get(token, ""))

    def find(self, wanted: Wanted) -> list[CitizenReport]:
        """One page of what fits. Ids that are named are the whole filter, as the standard says."""
        if wanted.ids:
            found = [self._by_id[one] for one in dict.fromkeys(wanted.ids) if one in self._by_id]
        else:
            found = [report for report in reversed(self._by_id.values()) if _fits(report, wanted)]
        first = (wanted.page - 1) * wanted.page_size
        return found[first : first + wanted.page_size]


def _fits(report: CitizenReport, wanted: Wanted) -> bool:
    return (
        wanted.from_ns <= report.told.told_at_ns <= wanted.to_ns
        and wanted.changed_from_ns <= report.changed_at_ns <= wanted.changed_to_ns
        and (not wanted.services or report.told.service in wanted.services)
        and (not wanted.statuses or ("open" if report.is_open else "closed") in wanted.statuses)
    )


def _list(form: Form, name: str) -> tuple[str, ...]:
    text = one(form, name, 64_000)
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _time(form: Form, name: str) -> int | None:
    text = one(form, name)
    return _ns(read_moment(text, name)) if text else None


def _ns(moment: datetime) -> int:
    return int(moment.timestamp() * 1000) * 1_000_000


def _whole(form: Form, name: str, default: int, most: int) -> int:
    text = one(form, name)
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 7 or not 1 <= int(text) <= most:
        raise GeoError(400, "bad_page", name, high=most)
    return int(text)
