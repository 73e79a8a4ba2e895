"""The ledger of what was provided, as a document to be printed. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

from console.language import Catalogue
from console.profile import Profile
from console.report.printed import Column, Leave, Printed
from widgets.kit.moments import Moments

SHARES = (0.10, 0.17, 0.16, 0.12, 0.17, 0.14, 0.07, 0.07)


def ledger_document(
    profile: Profile, catalogue: Catalogue, moments: Moments, leave: Leave, titles: Sequence[str],
    rows: Sequence[tuple[str, ...]],
) -> Printed:  # fmt: skip
    """All rows, with who took them out and why, and the entry that says so."""
    say, city = catalogue.say, catalogue.words(profile.name)
    title = say("shares.ledger.title")
    return Printed(
        title=title,
        facts=(
            (say("report.print.city"), city),
            (say("report.print.lines"), str(len(rows))),
            (say("report.print.person"), f"{leave.person} ({leave.desk})" if leave.desk else leave.person),
            (say("report.print.reason"), leave.reason),
            (say("report.print.printed"), f"{moments.moment(leave.at_ns)} ({moments.zone.key})"),
            (say("report.print.recorded"), say("report.print.recorded_as", seq=leave.entry_seq)),
            (say("shares.ledger.rule"), say("shares.ledger.rule_words")),
        ),
        columns=tuple(
            Column(title=name, share=share) for name, share in zip(titles, SHARES, strict=True)
        ),
        rows=tuple(rows), foot=f"{city} · {title} · {leave.person} · {moments.moment(leave.at_ns)}",
        page=say("report.print.page"), nothing=say("report.print.nothing"),
    )  # fmt: skip
