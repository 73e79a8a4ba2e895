"""The lines of two lists at the side of the map: layers with what is wrong in their files, and systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from console.geo.layer import LayerProblem
from console.language import Catalogue
from console.profile import Profile
from widgets.map.layers import LayerRow
from widgets.map.markpaint import MarkPainter
from widgets.map.side import SideRow

ICON_PX = 26
MOST_PROBLEMS = 12


def layer_rows(rows: Sequence[LayerRow], catalogue: Catalogue) -> list[SideRow]:
    """Each layer with its box, and below it what of its file is not shown."""
    say = catalogue.say
    found: list[SideRow] = []
    for row in rows:
        name = catalogue.words(row.name)
        if row.state == "reading":
            told = say("map.layers.reading")
        elif row.state == "refused":
            told = say("map.layers.refused")
        elif row.tiles:
            told = say("map.layers.raster")
        else:
            shown = row.features - row.refused
            told = say("map.layers.features", count=f"{shown:,}")
        box = row.visible if row.state == "shown" else None
        found.append(SideRow(f"{name} · {told}", ("layer", row.file.id), checked=box, tip=row.file.path))
        found += [
            SideRow(f"   {problem_words(one, catalogue)}", dim=True) for one in row.problems[:MOST_PROBLEMS]
        ]
        more = max(row.refused, len(row.problems)) - min(len(row.problems), MOST_PROBLEMS)
        if more > 0:
            found.append(SideRow("   " + say("report.more", count=more), dim=True))
    return found


def problem_words(problem: LayerProblem, catalogue: Catalogue) -> str:
    """What is wrong and where, in words."""
    what = catalogue.say(f"map.problem.{problem.problem}", found=problem.detail)
    if problem.feature:
        where = catalogue.say("map.problem.where", feature=problem.feature, line=problem.line)
        return f"{where}: {what}"
    return what


def system_rows(
    profile: Profile, shown: frozenset[str] | None, catalogue: Catalogue, painter: MarkPainter
) -> list[SideRow]:
    """All systems that have devices, with their symbols and how many there are."""
    columns = profile.columns
    counts = Counter(columns.kind_system[kind] for kind in columns.kind.tolist())
    found = [SideRow(catalogue.say("map.systems.all"), ("system", "all"), checked=shown is None)]
    for name, count in counts.most_common():
        words = catalogue.words(profile.systems[name].name)
        found.append(
            SideRow(
                f"{words} · {count:,}", ("system", name), checked=shown is None or name in shown,
                icon=_icon(name, painter),
            )
        )  # fmt: skip
    return found


def _icon(system: str, marks: MarkPainter) -> QIcon:
    pixmap = QPixmap(ICON_PX, ICON_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        marks.symbol(painter, QRectF(2, 2, ICON_PX - 4, ICON_PX - 4), system)
    return QIcon(pixmap)
