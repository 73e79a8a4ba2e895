"""What was written is asked onto the disk, beside the writing; a disk that refuses says so."""

from __future__ import annotations

from pathlib import Path

from console.clock import SECOND_NS
from console.recorder.syncing import Syncing
from tests.guards.waiting import until


def test_a_file_that_cannot_be_synced_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    whole = tmp_path / "segment"
    whole.write_bytes(b"x")
    failed: list[OSError] = []
    syncing = Syncing(5.0, failed.append)
    syncing.start()
    # /dev/null takes everything and can put nothing on a disk: the system says EINVAL.
    syncing.want(Path("/dev/null"))
    syncing.want(tmp_path / "freed meanwhile")
    syncing.look(5 * SECOND_NS, lambda: [whole])
    until(lambda: syncing.rounds == 1, "a round")
    assert [error.strerror for error in failed] == ["Invalid argument"]
    syncing.stop(5)
    assert len(failed) == 1


def test_rounds_keep_their_distance_and_do_not_pile_up(tmp_path: Path) -> None:
    asked: list[int] = []
    syncing = Syncing(5.0, lambda _: None)
    syncing.start()
    for second in range(1, 12):
        syncing.look(second * SECOND_NS, lambda second=second: asked.append(second) or [])  # type: ignore[misc]
        until(lambda: not syncing._wake.is_set(), "the round to be over")
    syncing.stop(5)
    assert asked == [1, 6, 11]


def test_what_was_completed_last_is_synced_at_the_end(tmp_path: Path) -> None:
    failed: list[OSError] = []
    syncing = Syncing(60.0, failed.append)
    syncing.start()
    syncing.want(Path("/dev/null"))
    syncing.stop(5)
    assert len(failed) == 1, "it was tried"
