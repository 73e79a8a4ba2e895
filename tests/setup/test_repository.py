"""The shape of the repository: where things are, how long they may be, what may not be written in them."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from tests.setup.source import REPO, dotted, imports, python_files, text, tracked, tree

TOP_LEVEL = re.compile(
    r"pyproject\.toml|console|widgets|assets|tests|seeds|docs|README(\.\w+)?\.md|LICENSE|CHANGELOG\.md|Makefile|\..+"
)
PRODUCT = ("console", "widgets")
ALL_PYTHON = ("console", "widgets", "tests", "assets", "seeds", ".setup")


def told(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def calls(path: Path) -> list[tuple[ast.Call, str]]:
    return [(node, dotted(node.func)) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_the_top_level_holds_only_what_belongs_there():
    strangers = {path.parts[0] for path in tracked() if not TOP_LEVEL.fullmatch(path.parts[0])}
    assert not strangers


def test_the_promised_files_are_there_and_the_scripts_can_be_run():
    for name in ("README.md", "README.ko.md", "LICENSE", "CHANGELOG.md", "Makefile"):
        assert (REPO / name).is_file(), name
    for name in (".ci/run", ".setup/setup.sh", ".setup/lock.sh"):
        assert os.access(REPO / name, os.X_OK), name
    assert "Apache License" in (REPO / "LICENSE").read_text()


def test_no_file_names_a_folder_of_one_persons_machine():
    personal = re.compile(r"/(?:work|farm|root|Users|home/[a-z][\w-]*)/|/opt/\w")
    found = [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in tracked()
        if path != Path(__file__).relative_to(REPO)
        for number, line in enumerate((text(path) or "").splitlines(), 1)
        if personal.search(line)
    ]
    assert not found, told(found)


def test_every_document_that_is_named_exists():
    """A page that refers to DESIGN or NOTES in capitals must have it: the reader looks for it."""
    existing = {path.name for path in tracked()}
    found = [
        f"{path}:{number}: {name}"
        for path in tracked()
        if path != Path(__file__).relative_to(REPO)
        for number, line in enumerate((text(path) or "").splitlines(), 1)
        for name in re.findall(r"\b[A-Z][A-Z_]{2,}\.md\b", line)
        if name not in existing
    ]
    assert not found, told(found)


def test_nothing_refers_to_a_ticket_only_some_can_read():
    ticket = re.compile(r"\b(?:issue|ticket|bug)s?\s+#?\d+\b|\(#\d+\)", re.IGNORECASE)
    found = [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in tracked()
        if path.suffix in (".py", ".md", ".toml", ".sh", ".sql")
        for number, line in enumerate((text(path) or "").splitlines(), 1)
        if ticket.search(line)
    ]
    assert not found, told(found)


def test_no_module_grows_past_one_idea():
    counted = [(len((text(path) or "").splitlines()), path) for path in python_files(*ALL_PYTHON)]
    assert not [(lines, str(path)) for lines, path in counted if lines > 500]


def test_no_module_is_a_drawer_for_the_rest():
    drawers = re.compile(r"(.*_)?(manager|helper|helpers|util|utils|misc|common|stuff)(_.*)?")
    found = [path for path in tracked() if any(drawers.fullmatch(Path(part).stem) for part in path.parts)]
    assert not found


def test_no_file_is_too_large_for_a_clone():
    found = [str(path) for path in tracked() if (REPO / path).stat().st_size > 6_000_000]
    assert not found, told(found)


def forbidden_call(node: ast.Call, name: str) -> str | None:
    """Why a call may not be in the product, or None."""
    last = name.rpartition(".")[2]
    keywords = {each.arg: each.value for each in node.keywords}

    def is_false(word: str) -> bool:
        value = keywords.get(word)
        return isinstance(value, ast.Constant) and value.value is False

    if name in ("eval", "exec", "compile", "builtins.eval", "builtins.exec"):
        return "code from text"
    if name in ("os.system", "os.popen", "os.fork", "pty.spawn", "subprocess.getoutput"):
        return "a shell, or a fork"
    shell = keywords.get("shell")
    if shell is not None and not (isinstance(shell, ast.Constant) and shell.value is False):
        return "a shell"
    if name in ("yaml.load", "yaml.unsafe_load") or last in ("send_pyobj", "recv_pyobj"):
        return "objects out of data"
    if last in ("get_context", "set_start_method") and not (
        node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == "spawn"
    ):
        return "only 'spawn' is safe beside sockets and threads"
    if last == "XMLParser" and not (is_false("resolve_entities") and not is_false("no_network")):
        return "an XML parser that resolves entities"
    reads = name.rpartition("etree.")[2] in ("fromstring", "parse", "XML", "iterparse") and "etree" in name
    told_how = len(node.args) > 1 or "parser" in keywords or is_false("resolve_entities")
    if reads and not told_how and "defused" not in name:
        return "lxml's default parser resolves entities"
    return None


def test_the_product_runs_no_shell_no_pickle_and_no_code_or_entities_from_data():
    found = []
    for path in python_files(*PRODUCT, "assets", "seeds"):
        for line, name in imports(path):
            top = name.split(".")[0]
            reads_xml = top == "xml" and not name.startswith("xml.sax.saxutils")
            if reads_xml or top in ("pickle", "shelve", "marshal", "dill", "cloudpickle"):
                found.append(f"{path}:{line}: imports {name}")
        found += [
            f"{path}:{node.lineno}: {name}(): {why}"
            for node, name in calls(path)
            if (why := forbidden_call(node, name))
        ]
    assert not found, told(found)


@pytest.mark.parametrize(
    "code",
    [
        "eval(x)",
        "os.system('ls')",
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=flag)",
        "yaml.load(x)",
        "socket.send_pyobj(x)",
        "multiprocessing.get_context('fork')",
        "etree.XMLParser()",
        "etree.XMLParser(resolve_entities=False, no_network=False)",
        "etree.fromstring(data)",
    ],
)
def test_the_check_above_sees_what_it_forbids(code):
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert forbidden_call(call, dotted(call.func))


WALL_CLOCK = re.compile(r"(.*\.)?(time\.time|time\.time_ns|datetime\.(now|utcnow|today)|date\.today)")


def test_only_the_clock_asks_what_time_it_is():
    found = [
        f"{path}:{node.lineno}: {name}()"
        for path in python_files(*PRODUCT)
        if path != Path("console/clock.py")
        for node, name in calls(path)
        if WALL_CLOCK.fullmatch(name)
    ]
    assert not found, told(found)


#: Qt has no other way to drag; the file says what its callers must heed.
DRAGS = Path("widgets/kit/dragging.py")


def test_the_product_never_runs_a_second_event_loop_inside_the_first():
    """A dialog's exec() and processEvents() let alarms into half-done work; open() and signals do not."""

    def makes_the_application(path: Path) -> bool:  # the first and only loop is started where this is done
        return any(name.rpartition(".")[2] == "QApplication" for _, name in calls(path))

    found = [
        f"{path}:{node.lineno}: {name}()"
        for path in python_files(*PRODUCT)
        if path != DRAGS
        for node, name in calls(path)
        if name.endswith(".processEvents")
        or (name.endswith((".exec", ".exec_")) and not makes_the_application(path))
    ]
    assert not found, told(found)


#: The one place of the tests that sleeps, and the fakes, for which being slow is a named failure.
SLEEPS_ITSELF = Path("tests/guards/waiting.py")


def sleeps(path: Path) -> list[str]:
    """The places in a test file that wait for time instead of for a condition."""
    found = [f"{path}:{line}: imports {name}" for line, name in imports(path) if name == "time.sleep"]
    for node, name in calls(path):
        waits = name in ("time.sleep", "qtbot.wait") or name.endswith((".qWait", ".qSleep", "QThread.msleep"))
        yields = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
        if waits or (name == "asyncio.sleep" and not yields and "fakes" not in path.parts):
            found.append(f"{path}:{node.lineno}: {name}()")
    return found


def test_no_test_sleeps():
    found = [each for path in python_files("tests") if path != SLEEPS_ITSELF for each in sleeps(path)]
    assert not found, told([*found, "wait for what must become true: the fixtures wait_until, qt_wait_until"])


def test_the_one_place_that_sleeps_is_where_the_check_looks():
    assert sleeps(SLEEPS_ITSELF)
