"""The guards themselves: what they must catch is done on purpose, in a pytest of its own."""

from __future__ import annotations

import re

import pytest

PROJECT = """
    from tests.guards import PLUGINS
    pytest_plugins = [*PLUGINS]
"""


@pytest.fixture
def outcome_of(pytester: pytest.Pytester):
    """Runs test code under the guards and answers its outcomes by test name, and the whole output."""

    def run(code: str, **expected: int) -> str:
        pytester.makeconftest(PROJECT)
        pytester.makepyfile(code)
        # A process of its own: the guards patch classes, and what leaks here must not leak into this test.
        result = pytester.runpytest_subprocess("-rA", "-p", "no:cacheprovider", "-p", "no:xdist")
        result.assert_outcomes(**expected)
        return result.stdout.str()

    return run


def section(output: str, test: str) -> str:
    """The part of pytest's output about one test."""
    heading = rf"_+ (?:ERROR at teardown of )?{test} _+\n"
    found = re.search(heading + r"(.*?)(?=\n_{3,} |\n={3,} )", output, re.DOTALL)
    assert found, f"nothing was said about {test}:\n{output}"
    return found[1]


def test_an_unexpected_warning_fails_and_a_declared_one_does_not(outcome_of):
    output = outcome_of(
        """
        import logging
        log = logging.getLogger("city")
        def test_quiet(): log.info("all is well")
        def test_undeclared(): log.warning("water rises in underpass %d", 7)
        def test_declared(expected_logs):
            expected_logs(r"WARNING city: water rises", count=2)
            log.warning("water rises"); log.warning("water rises more")
        def test_declared_too_few(expected_logs):
            expected_logs("rises", count=2)
            log.warning("water rises")
        def test_never_came(expected_logs): expected_logs("rises")
        def test_may_come(expected_logs): expected_logs("rises", optional=True)
        """,
        passed=5,
        failed=1,
        errors=2,
    )
    assert "WARNING city: water rises in underpass 7" in section(output, "test_undeclared")
    assert "expected 2 times and came 1 times" in section(output, "test_declared_too_few")
    assert "was expected and never came" in section(output, "test_never_came")


def test_a_warning_from_a_fixture_that_is_closed_fails_too(outcome_of):
    output = outcome_of(
        """
        import logging, pytest
        @pytest.fixture
        def hub():
            yield
            logging.getLogger("hub").error("socket was left open")
        def test_uses_hub(hub): pass
        """,
        passed=1,
        errors=1,
    )
    assert "ERROR hub: socket was left open" in section(output, "test_uses_hub")


def test_a_leaked_thread_fails_and_says_where_it_was_started(outcome_of):
    output = outcome_of(
        """
        import threading, pytest
        stop = threading.Event()
        def test_leaks():
            threading.Thread(target=stop.wait, name="reader", daemon=True).start()
        def test_next_is_not_blamed(): pass
        def test_joins():
            done = threading.Event()
            thread = threading.Thread(target=done.wait); thread.start()
            done.set(); thread.join()
        @pytest.fixture(scope="module")
        def service():
            end = threading.Event()
            thread = threading.Thread(target=end.wait); thread.start()
            yield
            end.set(); thread.join()
        def test_first_with_service(service): pass
        def test_second_with_service(service): pass
        def test_last():
            stop.set()
        """,
        passed=6,
        errors=1,
    )
    told = section(output, "test_leaks")
    assert "thread 'reader' was left running" in told
    assert 'threading.Thread(target=stop.wait, name="reader", daemon=True).start()' in told


def test_a_leaked_process_fails_says_where_it_was_started_and_is_ended(outcome_of, pytester, wait_until):
    output = outcome_of(
        """
        import multiprocessing, subprocess, sys
        SLEEPER = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
        kept = []
        def test_leaks():
            kept.append(subprocess.Popen(SLEEPER))
            open("pid", "w").write(str(kept[0].pid))
        def test_next_is_not_blamed():
            kept[0].wait()
        def test_waits_for_it():
            child = subprocess.Popen(SLEEPER); child.kill(); child.wait()
        def test_multiprocessing_joins():
            child = multiprocessing.get_context("spawn").Process(target=print)
            child.start(); child.join(); assert child.exitcode == 0
        """,
        passed=4,
        errors=1,
    )
    told = section(output, "test_leaks")
    assert "time.sleep(600)" in told
    assert "kept.append(subprocess.Popen(SLEEPER))" in told
    pid = int((pytester.path / "pid").read_text())
    import psutil

    assert not psutil.pid_exists(pid)


def test_a_socket_that_leaves_the_machine_is_refused_even_when_the_refusal_is_swallowed(outcome_of):
    output = outcome_of(
        """
        import socket, pytest, zmq
        def test_connects_elsewhere():
            with socket.socket() as s: s.connect(("192.0.2.1", 80))
        def test_swallows():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                try: s.sendto(b"x", ("192.0.2.1", 80))
                except Exception: pass
        def test_listens_to_everyone():
            with socket.socket() as s: s.bind(("0.0.0.0", 0))
        def test_looks_up():
            socket.getaddrinfo("example.org", 443)
        def test_zmq_elsewhere():
            with zmq.Context() as context, context.socket(zmq.PUB) as pub: pub.bind("tcp://*:5555")
        def test_loopback():
            with socket.create_server(("127.0.0.1", 0)) as server:
                socket.create_connection(("localhost", server.getsockname()[1])).close()
            with zmq.Context() as context, context.socket(zmq.PUB) as pub: pub.bind("tcp://127.0.0.1:*")
            with socket.socket(socket.AF_UNIX) as s: s.bind("here")
        """,
        passed=1,
        failed=5,
    )
    assert "sendto on 192.0.2.1" in section(output, "test_swallows")
    assert "bind on 0.0.0.0" in section(output, "test_listens_to_everyone")
    assert "looking up example.org" in section(output, "test_looks_up")
    assert "ZeroMQ binds tcp://*:5555" in section(output, "test_zmq_elsewhere")


def test_leaked_widgets_timers_and_qthreads_fail_and_say_where_they_were_made(outcome_of):
    output = outcome_of(
        """
        from PySide6.QtCore import QObject, QThread, QTimer
        from PySide6.QtWidgets import QDialog, QLabel, QWidget
        kept = []
        class Pane(QWidget): pass
        def test_leaks_widget(qapp):
            kept.append(Pane())
        def test_leaks_builtin(qapp):
            kept.append(QDialog())
        def test_next_is_not_blamed(qapp): pass
        def test_leaks_timer(qapp):
            kept.append(QTimer()); kept[-1].start(1000)
        def test_leaks_thread(qapp):
            kept.append(QThread()); kept[-1].start()
        def test_stops_it(qapp):
            kept[-1].quit(); kept[-1].wait()
        def test_is_clean(qtbot):
            pane = Pane(); qtbot.addWidget(pane); QLabel("x", pane); QDialog(pane)
            timer = QTimer(pane); timer.start(5)
            with qtbot.waitSignal(timer.timeout): pass
            thread = QThread(); thread.start(); thread.quit(); thread.wait()
        def test_forgets_at_once(qapp):
            Pane(); QObject()
        def test_asked_for_deletion(qapp):
            pane = Pane(); kept.append(pane); pane.deleteLater()
        """,
        passed=9,
        errors=4,
    )
    assert "kept.append(Pane())" in section(output, "test_leaks_widget")
    assert "QDialog" in section(output, "test_leaks_builtin")
    assert "kept[-1].start(1000)" in section(output, "test_leaks_timer")
    assert "QThread" in section(output, "test_leaks_thread")


def test_a_python_warning_and_a_qt_warning_and_an_error_in_a_slot_fail(outcome_of, pytester):
    pytester.makeini("[pytest]\nfilterwarnings = error\nqt_log_level_fail = WARNING\nqt_api = pyside6\n")
    outcome_of(
        """
        import warnings
        from PySide6.QtCore import QTimer, qWarning
        def test_python_warning(): warnings.warn("old")
        def test_qt_warning(qapp): qWarning("a layout has no parent")
        def test_slot(qtbot):
            def slot(): raise ValueError("in a slot")
            timer = QTimer(); timer.setSingleShot(True); timer.timeout.connect(slot)
            with qtbot.waitSignal(timer.timeout): timer.start(0)
        """,
        failed=3,
    )


def test_waiting_in_vain_names_what_was_waited_for(outcome_of):
    output = outcome_of(
        """
        def test_vain(wait_until): wait_until(lambda: False, "sixteen panes", timeout_s=0.05)
        def test_asked_late(wait_until):
            seen = []
            wait_until(lambda: seen.append(1), lambda: f"panes {seen[:1]}", timeout_s=0.05)
        def test_answer(wait_until): assert wait_until(lambda: 7, "seven") == 7
        def test_qt(qt_wait_until):
            from PySide6.QtCore import QTimer
            done = []
            QTimer.singleShot(0, lambda: done.append(1))
            qt_wait_until(lambda: done, "the timer")
        """,
        passed=2,
        failed=2,
    )
    assert "in vain: sixteen panes" in section(output, "test_vain")
    assert "in vain: panes [1]" in section(output, "test_asked_late")


def test_every_test_has_its_own_data_folder(bongsu_home, tmp_path, monkeypatch):
    from console import paths

    assert paths.home() == bongsu_home
    assert bongsu_home.is_relative_to(tmp_path)
    assert not bongsu_home.exists()


def test_the_stepped_clock_stands_still_until_it_is_stepped(stepped_clock):
    before = stepped_clock.now_ns()
    assert stepped_clock.now_ns() == before
    stepped_clock.step(2.5)
    assert stepped_clock.now_ns() - before == 2_500_000_000
