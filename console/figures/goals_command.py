"""`bongsu goals`: what the city promised itself for the year, and what the record says."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from console.clock import SECOND_NS, SystemClock
from console.figures.conditions import ConditionBook
from console.figures.goalbook import GoalBook
from console.figures.open_record import NoRecord, open_record, say_problem
from console.model.query import GoalsPage
from console.profile import Profile

DAY_NS = 86_400 * SECOND_NS


def run(argv: list[str]) -> int:
    """Print the goals; 1 with the reason where there is no record."""
    parser = argparse.ArgumentParser(prog="bongsu goals", description=__doc__)
    parser.add_argument("--home", type=Path, help="data folder (default: the last demo's, else the usual)")
    parser.add_argument("--city", default="", help="a profile or its file (default: the record's)")
    parser.add_argument("--days", type=float, default=365.0, help="back from now (default %(default)g)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    told = parser.parse_args(argv)
    now_ns = SystemClock().now_ns()
    try:
        with open_record(told.home, told.city) as record:
            book = GoalBook(record.profile, ConditionBook())
            book.read(record.reader)
            page = book.page(now_ns - int(told.days * DAY_NS), now_ns, parts=12)
            profile = record.profile
    except NoRecord as problem:
        return say_problem(problem)
    print(msgspec.json.encode(page).decode() if told.json else _table(profile, page))
    return 0


def _table(profile: Profile, page: GoalsPage) -> str:
    wide = max(len(one.name.en) for one in profile.goals.values())
    lines = [f"    {'goal':<{wide}}{'record':>12}{'target':>12}  measure ({'of'} facts)"]
    for one in page.figures:
        goal = profile.goals[one.goal_id]
        mark = {True: "ok", False: "!!", None: "--"}[one.met]
        value = "–" if one.value is None else f"{one.value:,.2f}"
        sign = "≥" if goal.at_least else "≤"
        lines.append(
            f"{mark}  {goal.name.en:<{wide}}{value:>12}{sign + f' {goal.target:g}':>12}"
            f"  {goal.measure} ({one.facts:,})"
        )
    return "\n".join(lines)
