"""What is asked of an export: time, form, copies, reason, legal basis, recipient, place."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QSizePolicy, QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from console.evidence.grounds import load_grounds
from console.evidence.wish import ExportWish, default_place, new_export_id
from console.language import Catalogue
from console.model.footage import ExportCopy
from console.report.period import PeriodError, read_time
from console.report.times import CityClock
from widgets.kit.labels import label
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

COPIES: dict[str, tuple[ExportCopy, ...]] = {
    "masked": ("masked",), "original": ("original",), "both": ("original", "masked"),
}  # fmt: skip
FIELD_PX = 156
"""Room for a date with its time."""


class ExportForm(QWidget):
    """The fields. `wish` reads them. UI thread.

    Signals:
        edited: something was changed by hand.
    """

    edited = Signal()

    def __init__(
        self, board: Board, home: Path, catalogue: Catalogue, texts: Texts, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue, self._texts = board, catalogue, texts
        self._clock = CityClock(board.profile.time_zone)
        self._grounds = load_grounds(board.profile.country)
        self._exports = default_place(home)
        self.since, self.until = QLineEdit(), QLineEdit()
        self.form, self.copies, self.wrapping = QComboBox(), QComboBox(), QComboBox()
        self.reason, self.note = QComboBox(), QLineEdit()
        self.legal_basis, self.recipient, self.place = QComboBox(), QLineEdit(), QLineEdit()
        self.blur_movers = QCheckBox()
        self.blur_movers.setChecked(True)
        texts.put(self.blur_movers, "evidence.blur_movers")
        self.legal_basis.setEditable(True)
        self.legal_basis.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.place.setText(str(self._exports))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.space(2))
        grid.setVerticalSpacing(tokens.space(1))
        rows: tuple[tuple[tuple[str, QWidget, int], ...], ...] = (
            (("from", self.since, 1), ("to", self.until, 1)),
            (("form", self.form, 1), ("wrapping", self.wrapping, 1)),
            (("copies", self.copies, 1), ("", self.blur_movers, 2)),
            (("reason", self.reason, 1), ("reason_note", self.note, 1)),
            (("legal_basis", self.legal_basis, 3),),
            (("recipient", self.recipient, 1), ("place", self.place, 1)),
        )
        for row, fields in enumerate(rows):
            column = 0
            for name, field, span in fields:
                if name:
                    heading = label(ink="dim")
                    heading.setBuddy(field)
                    texts.put(heading, f"evidence.{name}")
                    texts.put(field, accessibleName=f"evidence.{name}")
                    grid.addWidget(heading, row, column)
                    column += 1
                grid.addWidget(field, row, column, 1, span)
                column += span
                if isinstance(field, QComboBox):
                    field.setSizeAdjustPolicy(
                        QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
                    )
                    field.setMinimumContentsLength(6)
                    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for column, stretch in ((1, 2), (3, 3)):
            grid.setColumnStretch(column, stretch)
            grid.setColumnMinimumWidth(column, FIELD_PX)
        grid.setRowStretch(len(rows), 1)
        for field in (self.since, self.until):
            texts.put(field, placeholderText="evidence.time_hint")
        texts.put(self.note, placeholderText="evidence.reason_note_hint")
        for field in (self.since, self.until, self.note, self.recipient, self.place):
            field.setMaxLength(500)
            field.textEdited.connect(self._edited)
        for choice in (self.form, self.copies, self.wrapping, self.reason):
            choice.activated.connect(self._edited)
        self.legal_basis.editTextChanged.connect(self._edited)
        self.form.activated.connect(self._shape)
        self.copies.activated.connect(self._shape)
        follow(catalogue, self._retext)
        self._shape()

    def fill(self, from_ns: int, to_ns: int, form: str = "clip") -> None:
        """Put this time (to the millisecond for a still) and form into the fields."""
        self.since.setText(self._typed(from_ns))
        self.until.setText(self._typed(to_ns))
        self._exact = (self.since.text(), from_ns), (self.until.text(), to_ns)
        self.form.setCurrentIndex(self.form.findData(form))
        self._shape()

    _exact: tuple[tuple[str, int], tuple[str, int]] = (("", 0), ("", 0))
    """What was filled in, so that a still keeps its exact time while nobody changes the text."""

    def wish(self, camera_ids: tuple[str, ...]) -> ExportWish | tuple[str, dict[str, str]]:
        """What is asked, or (key below evidence.wrong, fields) of the first thing that is missing."""
        if not camera_ids:
            return "no_cameras", {}
        is_still = self.form.currentData() == "snapshot"
        from_ns = self._time("since", self.since, 0)
        to_ns = from_ns if is_still else self._time("until", self.until, 1)
        if from_ns is None:
            return "bad_from", {}
        if to_ns is None:
            return "bad_to", {}
        now_ns = self._board.clock.now_ns()
        if from_ns > now_ns or to_ns > now_ns + SECOND_NS:
            return "future", {}
        if to_ns < from_ns:
            return "order", {}
        copies = COPIES[str(self.copies.currentData())]
        chosen = self.reason.currentText() if self.reason.currentData() else ""
        reason = " ".join(f"{chosen} {self.note.text()}".split())
        if not reason:
            return "no_reason", {}
        basis = self.basis()
        if "original" in copies and not basis:
            return "no_basis", {}
        return ExportWish(
            export_id=new_export_id(), camera_ids=camera_ids, from_ns=from_ns, to_ns=to_ns,
            form="snapshot" if is_still else "clip", copies=copies,
            blur_movers=self.blur_movers.isChecked(),
            wrapping="zip" if self.wrapping.currentData() == "zip" else "folder", reason=reason,
            legal_basis=basis, recipient=self.recipient.text().strip(), place=str(self._folder()),
        )  # fmt: skip

    def _folder(self) -> Path:
        """Where to; a name alone is a folder among the exports."""
        return self._exports / Path(self.place.text().strip()).expanduser()

    def basis(self) -> str:
        """The legal basis as chosen or typed; empty for none."""
        text = self.legal_basis.currentText().strip()
        return "" if text == self._catalogue.say("evidence.choice.no_basis") else text

    def beginning(self) -> int | None:
        """The beginning as typed, None while it is no time."""
        return self._time("since", self.since, 0)

    def _time(self, name: Literal["since", "until"], field: QLineEdit, number: int) -> int | None:
        typed = field.text()
        if typed == self._exact[number][0] and self._exact[number][1]:
            return self._exact[number][1]
        if not typed.strip():
            return None
        try:
            return read_time(name, typed, self._clock, self._board.clock.now_ns())
        except PeriodError:
            return None

    def _typed(self, at_ns: int) -> str:
        return self._clock.at(at_ns).strftime("%Y-%m-%d %H:%M:%S")

    @Slot()
    def _edited(self) -> None:
        self.edited.emit()

    @Slot()
    def _shape(self) -> None:
        """What does not apply cannot be filled in."""
        self.until.setEnabled(self.form.currentData() != "snapshot")
        self.blur_movers.setEnabled(self.copies.currentData() != "original")

    def _retext(self) -> None:
        say, words = self._catalogue.say, self._catalogue.words
        for choice, names in (
            (self.form, ("clip", "snapshot")), (self.copies, tuple(COPIES)),
            (self.wrapping, ("folder", "zip")),
        ):  # fmt: skip
            _fill(choice, [(say(f"evidence.choice.{name}"), name) for name in names])
        choose = (say("evidence.choice.no_reason"), "")
        _fill(self.reason, [choose, *((words(one), one.en) for one in self._grounds.reasons)])
        typed = self.legal_basis.currentText() if self.legal_basis.currentIndex() < 0 else ""
        bases = [(say("evidence.choice.no_basis"), "")]
        _fill(self.legal_basis, [*bases, *((words(one), one.en) for one in self._grounds.legal_bases)])
        if typed:
            self.legal_basis.setEditText(typed)


def _fill(choice: QComboBox, items: list[tuple[str, str]]) -> None:
    chosen = choice.currentData()
    choice.blockSignals(True)
    choice.clear()
    for name, value in items:
        choice.addItem(name, value)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
    choice.blockSignals(False)
