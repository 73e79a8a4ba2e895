"""What leaves the console is on record first; the strip says why not where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from console.model.commands import LogExport
from tests.kit.sitting import Sitting
from widgets.kit.exportstrip import ExportStrip


def strip_of(sitting: Sitting, folder: Path, parent: QWidget) -> ExportStrip:
    sitting.connect()
    return ExportStrip(
        "kit.try", "review.group", sitting.board, sitting.pulse, sitting.port, sitting.actions,
        sitting.catalogue, sitting.tokens, folder, parent,
    )  # fmt: skip


def asked(strip: ExportStrip, reason: str) -> Path:
    strip.ask("two lines", "try", "csv", lambda: iter(["가\r\n", b"b\r\n"]))
    strip.reason.setText(reason)
    strip.export()
    return Path(strip.file.text())


@pytest.fixture
def strip(sitting: Sitting, tmp_path: Path) -> Iterator[ExportStrip]:
    parent = QWidget()
    made = strip_of(sitting, tmp_path, parent)
    yield made
    made.release()
    parent.deleteLater()


def until(sitting: Sitting, wait_until: Callable[[Callable[[], bool], str], None], strip: ExportStrip,
          state: str) -> None:  # fmt: skip
    def there() -> bool:
        sitting.pulse.tick()
        return strip.job is not None and strip.job.state == state

    wait_until(there, state)


def test_nothing_is_written_before_the_hub_has_it_on_record(sitting, strip, wait_until) -> None:
    path = asked(strip, "for the council")
    until(sitting, wait_until, strip, "asked")
    assert not path.exists()
    (request_id, command), = sitting.port.commands.items()
    assert command == LogExport(what="two lines", format="csv", reason="for the council")
    sitting.accept(request_id)
    until(sitting, wait_until, strip, "done")
    assert path.read_bytes() == "가\r\nb\r\n".encode()
    assert str(path) in strip.status.text()


def test_without_a_reason_nothing_is_asked(sitting, strip) -> None:
    path = asked(strip, "  ")
    assert not sitting.port.commands and not path.exists()
    assert strip.status.text() == sitting.catalogue.say("kit.export.no_reason")


def test_what_the_hub_refuses_is_not_written(sitting, strip, wait_until) -> None:
    path = asked(strip, "because")
    until(sitting, wait_until, strip, "asked")
    (request_id,) = sitting.port.commands
    sitting.refuse(request_id, "The disk is full.")
    until(sitting, wait_until, strip, "refused")
    assert not path.exists()
    assert strip.status.text().startswith("Not exported. The disk is full.")


def test_a_place_that_cannot_be_written_is_told_before_anything_is_on_record(
    sitting, tmp_path: Path, wait_until
) -> None:
    parent = QWidget()
    strip = strip_of(sitting, tmp_path / "none", parent)
    asked(strip, "because")
    until(sitting, wait_until, strip, "failed")
    assert not sitting.port.commands
    assert "does not exist" in strip.status.text()
    assert not strip.reason.isHidden()
    strip.release()
    parent.deleteLater()
