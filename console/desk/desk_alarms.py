"""Alarms at a desk: their load and their sound from the first second on, the list on a page of its own.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import Clock
from console.desk.alarmbook import AlarmBook
from console.desk.annunciator import Annunciator
from console.desk.board import Board
from console.desk.port import DeskPort
from console.desk.speaker import Speaker, load_sound_figures
from console.rules.alarm.figures import load_alarm_figures

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.alarms.sound import AlarmSound
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.kit.worth import RuleWorth
    from widgets.shell.intocontrols import IntoControls
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat


def offer_alarms(
    board: Board, port: DeskPort, clock: Clock, seat: Seat, operate: Operate, queue_panel: QueuePanel,
    bring: BringCameras, controls: IntoControls, detail: DetailPanel, worth: RuleWorth,
) -> AlarmSound:  # fmt: skip
    """Make the parts and join them to the others; returns what is heard. UI thread; needs a QApplication."""
    from widgets.alarms.load import LoadFigures
    from widgets.alarms.meter import LoadMeter
    from widgets.alarms.news import AlarmNews
    from widgets.alarms.sound import AlarmSound
    from widgets.alarms.words import RowWords
    from widgets.shell.fromalarm import FromAlarm, IntoAlarms
    from widgets.shell.health import Item

    book = AlarmBook(board, load_alarm_figures())
    news = AlarmNews(book, seat.pulse, seat)
    figures = LoadFigures(book, port, seat.pulse, seat.moments, seat)
    over = seat.window.centralWidget()
    assert over is not None
    meter = LoadMeter(
        book, figures, RowWords(book, seat.moments), seat.pulse, seat.actions, seat.moments, seat.tokens, over
    )
    seat.window.status.place(meter)
    heard = load_sound_figures()
    speaker = Speaker(heard.player, clock)
    seat.shown.connect(speaker.start)
    seat.at_close(speaker.close)
    sound = AlarmSound(
        book, Annunciator(heard), speaker, seat.pulse, seat.actions, seat.moments, seat
    )
    news.changed.connect(sound.met)

    def said() -> Item | None:
        item = sound.item()
        return Item("sound", *item) if item is not None else None

    seat.window.status.also(said)
    there = FromAlarm(operate.lower_area.show_page, seat)

    def alarm_list() -> QWidget:
        from widgets.alarms.page import AlarmPage

        made = AlarmPage(
            book, port, seat.pulse, seat.actions, figures, seat.moments, seat.tokens, sound.sentence
        )
        news.changed.connect(made.take)
        made.panel.show_worth(worth)
        seat.also_measure(made.measured, made.shown.forget)
        made.going.cameras_wanted.connect(bring.bring)
        made.going.incident_wanted.connect(queue_panel.select)
        made.going.device_wanted.connect(there.map)
        made.going.chart_wanted.connect(there.chart)
        made.going.controls_wanted.connect(controls.show_device)
        return made

    operate.lower_area.add_page("alarms", "F9", alarm_list, operate)
    IntoAlarms(operate.lower_area.show_page, detail, board, seat.actions, operate, seat)
    return sound
