"""What `bongsu check` says of history."""

from __future__ import annotations

import msgspec

from console.clock import WALL_CLOCK
from console.history.check import check_history
from console.history.envelope import Wanted
from console.history.layout import FOLDER, RAW, files_of
from console.history.look import Asked, HistoryLook
from tests.guards.waiting import until
from tests.history.keeping import IDS, START_NS, Keeping


def test_nothing_is_said_where_there_is_no_history(tmp_path):
    assert list(check_history(tmp_path)) == []


def test_a_damaged_file_and_a_full_disk_are_told_with_what_to_do(tmp_path):
    keeping = Keeping(tmp_path / FOLDER)
    keeping.run(130)
    keeping.writer.close()
    assert [one.ok for one in check_history(tmp_path)] == [True]
    (raw,) = files_of(keeping.folder, RAW)
    raw.path.write_bytes(raw.path.read_bytes()[:-3])
    (tmp_path / "run").mkdir()
    said = {"at_ns": WALL_CLOCK.now_ns(), "problem": "full", "ended": False}
    (tmp_path / "run" / "history.json").write_bytes(msgspec.json.encode(said))
    files, process = check_history(tmp_path)
    assert not files.ok and "not whole" in files.detail
    assert not process.ok and "full" in process.detail and process.do


def test_a_window_is_answered_by_a_thread_with_the_newest_of_its_questions(tmp_path):
    keeping = Keeping(tmp_path / FOLDER)
    keeping.run(70)
    keeping.writer.close()
    look = HistoryLook(tmp_path)
    look.start()
    try:
        wanted = (Wanted(IDS[0], 3 * 10**9),)
        for end_s in range(20, 61, 10):
            look.ask(Asked("shown", wanted, START_NS, START_NS + end_s * 10**9, 500))
        assert look.is_loading("shown") or look.found("shown") is not None
        until(lambda: look.found("shown") is not None and not look.is_loading("shown"), lambda: "an answer")
        found = look.found("shown")
        assert found.asked.to_ns == START_NS + 60 * 10**9
        assert len(found.envelopes[IDS[0]]) == 61
        until(lambda: look.writer_problem == "silent", lambda: "the writer")
        look.forget(("shown",))
        assert look.found("shown") is None
    finally:
        look.stop()
