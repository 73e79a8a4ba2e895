"""What the desk offers beside the wall: each function builds one feature's parts and joins them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from console.desk.desk import Ground
    from console.evidence.manifest import Badge
    from widgets.charts.page import ChartPage
    from widgets.incidents.detail import DetailPanel
    from widgets.shell.intocontrols import IntoControls
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat
    from widgets.wall.acts import WallActs
    from widgets.wall.deck import WallDeck
    from widgets.wall.paneacts import PaneActs


def offer_charts(ground: Ground, seat: Seat) -> ChartPage:
    """Live charts at once; history is read by a thread of its own."""
    from console.history.look import HistoryLook
    from widgets.charts.bands import ChartBands
    from widgets.charts.keeping import PinnedFile
    from widgets.charts.page import ChartPage

    board, kit = ground.board, (seat.catalogue, seat.tokens, seat.moments)
    history, pinned = HistoryLook(ground.home), PinnedFile(ground.home, board.desk)
    history.start()
    pinned.start()
    bands = ChartBands(board, seat.pulse, *kit, history=history, port=ground.link)
    page = ChartPage(
        bands, board, seat.pulse, ground.link, seat.actions, seat.tokens, seat.moments, pinned,
        seat.shared_clock,
    )
    seat.at_close(page.release)
    seat.at_close(history.stop)
    return page


def offer_warnings(ground: Ground, seat: Seat, operate: Operate) -> None:
    """Official warnings: a strip while one is in force, and a page of all."""
    from widgets.warnings.strip import WarningStrip

    parts = (
        ground.board, seat.pulse, ground.link, seat.actions, seat.catalogue, seat.tokens, seat.moments,
    )  # fmt: skip

    def page() -> QWidget:
        from widgets.warnings.page import WarningsPage

        return WarningsPage(*parts)

    operate.lower_area.add_page("warnings", "Ctrl+W", page, operate)
    seat.window.place_strip(WarningStrip(*parts))


def offer_controls(ground: Ground, seat: Seat, operate: Operate, detail: DetailPanel) -> IntoControls:
    """Orders to devices on a page of their own; returns what leads there from elsewhere."""
    from widgets.shell.intocontrols import IntoControls

    def page() -> QWidget:
        from widgets.controls.page import ControlsPage

        return ControlsPage(
            ground.board, seat.pulse, ground.link, seat.actions, seat.catalogue, seat.tokens, seat.moments
        )

    operate.lower_area.add_page("controls", "Ctrl+D", page, operate)
    return IntoControls(operate.lower_area.show_page, detail, ground.board, seat.actions, operate, seat)


def offer_windows(
    ground: Ground, seat: Seat, operate: Operate, main: WallDeck, walls: WallActs,
    make: Callable[[int], WallDeck],
) -> None:  # fmt: skip
    """Further windows with walls of their own, what all of them showed last, and the city's modes."""
    from widgets.shell.keptfile import KeptFile
    from widgets.shell.modes import ModeChooser
    from widgets.shell.windows import SideWindows

    def end(part: QWidget) -> None:
        deck = next(one for one in walls.decks() if one is part)
        seat.end_surface(deck.wall)
        walls.remove(deck)
        deck.release()

    board = ground.board
    file = KeptFile(ground.home, board.desk)
    windows = SideWindows(make, end, file, seat.pulse, seat.actions, seat.catalogue, seat)
    seat.side_windows = windows
    seat.actions.add(
        "wall.window", "wall.act.window", "Ctrl+N", windows.open, owner=operate, group="wall.title"
    )
    over = seat.window.centralWidget()
    assert over is not None
    ModeChooser(board, ground.link, seat.actions, seat.catalogue, seat.tokens, over, seat)
    if not windows.begin(main, seat.window):
        main.wall.set_layout(ground.profile.desks[board.desk].wall)
    main.kept_changed.connect(windows.keep)


def offer_export(
    ground: Ground, seat: Seat, operate: Operate, hand: PaneActs, badge: Callable[[str], Badge | None]
) -> None:
    """Pictures leave the console on a page of their own."""

    def export() -> QWidget:
        from widgets.evidence.page import ExportPage

        made = ExportPage(
            ground.board, seat.pulse, ground.link, ground.home, seat.actions, seat.tokens, seat.moments,
            badge,
        )  # fmt: skip
        made.selected_camera = lambda: hand.camera_id
        seat.at_close(made.abandon)
        return made

    operate.lower_area.add_page("export", "F8", export, operate)
