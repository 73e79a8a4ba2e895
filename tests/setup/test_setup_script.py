"""Set-up on machines that lack things: every way it can go wrong ends in a sentence that says what to do.

The script is the real one, in a folder of its own; Python, pip, apt-get, sudo and id are stand-ins that do
what the test says and write down that they were called.  The real installation is the one this test runs in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.source import REPO

TOOLS = (
    "bash", "env", "true", "cat", "sha256sum", "cut", "dirname", "mktemp", "rm", "mkdir", "touch", "tail",
    "sed", "grep", "awk", "tr", "wc", "ls", "tee", "flock", "cp", "chmod",
)  # fmt: skip

PYTHON = r"""#!{bash}
echo "python $*" >>"$CALLS"
case "$*" in
    "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit 0 ;;
    *"pip install --require-hashes"*)
        [ -z "${{PIP_BREAKS:-}}" ] || {{ echo "$PIP_BREAKS"; exit 1; }}
        printf 'Collecting numpy==2.4.6 (from -r lock)\n  Downloading n.whl (16 MB)\n' ;;
    *"pip install --no-deps"*) touch .venv/bin/bongsu; chmod +x .venv/bin/bongsu ;;
    *"import PySide6"*) [ -z "${{LOAD_BREAKS:-}}" ] || {{ echo "$LOAD_BREAKS"; exit 1; }} ;;
    *"import sys, pip"*) exit 0 ;;
    *"import ensurepip"*) [ -z "${{NO_ENSUREPIP:-}}" ] ;;
    *) exec {python} "$@" ;;
esac
"""


class Machine:
    """A checkout and a PATH, both made for one test."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        self.bin.mkdir()
        self.checkout.mkdir()
        (self.checkout / "pyproject.toml").write_text("[project]\n")
        setup = self.checkout / ".setup"
        setup.mkdir()
        for name in ("setup.sh", "missing.py", "requirements.lock"):
            shutil.copy(REPO / ".setup" / name, setup / name)
        self.needs("")
        (setup / "apt-test.txt").write_text("")
        for tool in TOOLS:
            if path := shutil.which(tool):
                (self.bin / tool).symlink_to(path)
        self.program("python3", PYTHON.format(bash=shutil.which("bash"), python=sys.executable))
        self.program("id", "#!/bin/sh\necho 1000\n")  # an ordinary user

    def program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def needs(self, *rows: str) -> None:
        (self.checkout / ".setup/apt-runtime.txt").write_text("\n".join(rows) + "\n")

    def apt(self, installs: bool = True) -> None:
        """An apt-get whose install makes the one missing thing appear, the program `wanted`; or fails."""
        makes = f"case $* in *install*) cp {self.bin}/id {self.bin}/wanted ;; esac"
        makes = makes if installs else "exit 100"
        self.program("apt-get", f'#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n{makes}\n')

    def setup(self, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        return subprocess.run(
            [self.bin / "bash", self.checkout / ".setup/setup.sh", *args],
            env={"PATH": str(self.bin), "CALLS": str(self.calls), "TMPDIR": str(self.bin.parent), **env},
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def called(self, word: str) -> list[str]:
        return [line for line in self.calls.read_text().splitlines() if word in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_run_says_what_it_does_and_the_second_does_nothing(machine: Machine):
    first = machine.setup()
    assert first.returncode == 0, first.stderr
    assert [line[:5] for line in first.stdout.splitlines() if line.startswith("[")] == [
        "[1/4]", "[2/4]", "[3/4]", "[4/4]"
    ]  # fmt: skip
    assert machine.called("pip install --require-hashes -r .setup/requirements.lock")
    assert machine.called("--no-build-isolation --no-index --editable .")
    second = machine.setup()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert machine.calls.read_text() == ""


def test_a_changed_lock_is_installed_into_the_same_environment(machine: Machine):
    machine.setup()
    with (machine.checkout / ".setup/requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert machine.setup().returncode == 0
    assert machine.called("--require-hashes")
    assert not machine.called("-m venv")


def test_the_tests_own_packages_are_looked_for_only_when_asked(machine: Machine):
    (machine.checkout / ".setup/apt-test.txt").write_text("xvfb cmd:no-such-program test\n")
    assert "xvfb" not in machine.setup().stdout
    asked = machine.setup("--tests")
    assert asked.returncode == 0
    assert "tests that need xvfb skip and say so" in asked.stdout


def test_what_an_interrupted_run_left_is_made_anew(machine: Machine):
    machine.setup(PIP_BREAKS="killed")
    remains = machine.checkout / ".venv/half-made"
    remains.touch()
    again = machine.setup()
    assert again.returncode == 0
    assert "did not finish" in again.stdout
    assert not remains.exists()


def test_an_environment_that_was_moved_is_made_anew(machine: Machine):
    machine.setup()
    moved = machine.checkout.rename(machine.checkout.with_name("moved"))
    machine.checkout = moved
    again = machine.setup()
    assert again.returncode == 0
    assert "in another folder" in again.stdout
    assert machine.called("-m venv")


def test_a_python_that_was_chosen_once_stays_chosen(machine: Machine):
    shutil.copy(machine.bin / "python3", machine.bin / "python-chosen")
    assert "python-chosen is 3." in machine.setup(PYTHON="python-chosen").stdout
    assert machine.setup().stdout == ""
    back = machine.setup(PYTHON="python3")
    assert "made by another Python" in back.stdout


def test_no_new_enough_python_ends_with_what_was_found_and_what_to_install(machine: Machine):
    machine.program("python3", "#!/bin/sh\necho 3.9.2; exit 1\n")
    result = machine.setup()
    assert result.returncode == 1
    assert "no Python 3.11 or newer was found (found: python3=3.9.2)" in result.stderr
    assert "To do:" in result.stderr
    assert "PYTHON=" in result.stderr


def test_a_python_without_venv_ends_with_the_line_to_type(machine: Machine):
    machine.apt(installs=False)
    result = machine.setup(NO_ENSUREPIP="1")
    assert result.returncode == 1
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"sudo apt-get install -y --no-install-recommends python{minor}-venv" in result.stderr
    assert not machine.called("apt-get")


def test_missing_libraries_are_installed_where_this_user_may_without_a_password(machine: Machine):
    machine.needs("wanted-package cmd:wanted any")
    machine.apt()
    machine.program("sudo", '#!/bin/sh\necho "sudo $*" >>"$CALLS"\n[ "$1" = -n ] && shift\nexec "$@"\n')
    result = machine.setup()
    assert result.returncode == 0, result.stderr
    assert machine.called("install -q -y --no-install-recommends")[0].endswith("wanted-package")
    assert "some are missing" not in result.stdout


def test_root_needs_no_sudo(machine: Machine):
    machine.needs("wanted-package cmd:wanted any")
    machine.apt()
    machine.program("id", "#!/bin/sh\necho 0\n")
    assert machine.setup().returncode == 0
    assert machine.called("apt-get")
    assert not machine.called("sudo")


def test_the_package_lists_are_read_once_more_when_a_package_is_not_found(machine: Machine):
    machine.needs("wanted-package cmd:wanted any")
    machine.program("id", "#!/bin/sh\necho 0\n")
    there = machine.bin
    installs = f"[ -e {there}/updated ] || exit 100; cp {there}/id {there}/wanted"
    machine.program(
        "apt-get",
        f'#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n'
        f"case $1 in update) touch {there}/updated ;; *) {installs} ;; esac\n",
    )
    assert machine.setup().returncode == 0
    assert len(machine.called("apt-get update")) == 1


def test_without_that_right_the_exact_line_is_printed_and_set_up_ends_if_nothing_can_work(machine: Machine):
    machine.needs("libegl1 lib:libnot-there.so.9 any", "libxcb-cursor0 lib:libnot-there-2.so.9 window")
    machine.apt()
    machine.program("sudo", "#!/bin/sh\nexit 1\n")  # asks for a password
    result = machine.setup()
    assert result.returncode == 1
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libxcb-cursor0"
    assert line in result.stdout
    assert "system libraries are missing: libegl1" in result.stderr
    assert not machine.called("apt-get install")


def test_it_goes_on_where_only_the_window_is_lost(machine: Machine):
    machine.needs("libxcb-cursor0 lib:libnot-there.so.9 window")
    result = machine.setup()
    assert result.returncode == 0, result.stderr
    assert "without libxcb-cursor0 no window opens under X11" in result.stdout


@pytest.mark.parametrize(
    ("pip_says", "told"),
    [
        ("NewConnectionError: Failed to establish a new connection", "package index could not be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one the lock names"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: No matching distribution found for numpy", "could not install the locked packages"),
    ],
)
def test_a_failed_download_says_what_happened_what_is_affected_and_what_to_do(machine, pip_says, told):
    result = machine.setup(PIP_BREAKS=pip_says)
    assert result.returncode == 1
    assert told in result.stderr
    assert pip_says in result.stderr
    assert "Affected:" in result.stderr
    assert "To do:" in result.stderr
    assert not (machine.checkout / ".venv/.ready-run").exists()


def test_packages_that_do_not_load_are_not_called_ready(machine: Machine):
    missing = "ImportError: libEGL.so.1: cannot open shared object file"
    result = machine.setup(LOAD_BREAKS=missing)
    assert result.returncode == 1
    assert missing in result.stderr
    assert machine.setup().returncode == 0


def test_a_faulty_list_is_named_with_its_line(machine: Machine):
    machine.needs("# a comment", "libegl1 libEGL.so.1")
    result = machine.setup()
    assert result.returncode == 1
    assert ".setup/apt-runtime.txt:2: expected 'package kind:name purpose'" in result.stderr


def test_the_check_of_libraries_looks_at_the_machine_and_not_at_the_package_system():
    asked = "libc6 lib:libc.so.6 any\nlost lib:libnot-there.so.9 any\nsh cmd:sh any\ngone cmd:not-there any\n"
    answer = subprocess.run(
        [sys.executable, "-S", "-E", REPO / ".setup/missing.py", "/dev/stdin"],
        input=asked, capture_output=True, text=True, check=True, timeout=60, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert answer.stdout.splitlines() == ["lost any", "gone any"]
