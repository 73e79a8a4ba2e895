"""When contact data of a citizen is deleted. Pure; the figures and their source are the city's data."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from console.clock import SECOND_NS
from console.model.citizenreport import CitizenReport
from console.profile.reports import Privacy

DAY_S = 86_400.0


def due(
    kept: Iterable[tuple[str, float]], waiting: Iterable[str],
    report_of: Callable[[str], CitizenReport | None], privacy: Privacy, now_ns: int,
) -> list[str]:  # fmt: skip
    """The tokens whose contact data is to go: so long after the answer, or after the longest time.

    `kept`: (token, when it was written, seconds). A report the hub no longer has at hand was answered long
    ago or is very old; its contact data goes after `contact_days` too. What still waits for the hub stays.
    """
    now_s, held = now_ns / SECOND_NS, frozenset(waiting)
    found = []
    for token, written_s in kept:
        if token in held:
            continue
        report = report_of(token)
        since_s = written_s
        if report is not None:
            since_s = report.changed_at_ns / SECOND_NS
        over = report is None or not report.is_open
        if (over and now_s - since_s > privacy.contact_days * DAY_S) or (
            now_s - written_s > privacy.contact_most_days * DAY_S
        ):
            found.append(token)
    return found
