"""Who may import whom.  The rule is this file; docs/design says why.

Facts flow one way: the model knows nobody, rules and adapters know the model, processes know them, and only
what puts a program together (the composition roots) may know several features at once.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.setup.source import REPO, imports, python_files

#: What everything may stand on: no process, no socket, no file format.
GROUND = {"model", "clock", "paths", "logs", "language", "cityname", "stopping"}

#: A part of console/ -> the other parts it may import.  A part that is not named here may not exist.
CONSOLE: dict[str, set[str]] = {
    "model": set(),
    "clock": set(),
    "paths": set(),
    "logs": {"paths"},
    "cityname": set(),
    "stopping": set(),
    # Who is let in at a socket that strangers reach.
    "admission": set(),
    "language": {"model", "paths"},
    "telemetry": GROUND,
    "profile": GROUND | {"telemetry"},
    # Of the hand-off, rules use what is pure: see LADDER.
    "rules": GROUND | {"telemetry", "profile", "geo", "handoff"},
    "wire": GROUND | {"telemetry"},
    "ledger": GROUND,
    "recording": GROUND | {"telemetry"},
    "handoff": GROUND | {"profile"},
    # Disaster messages on their way out; of the hand-off it uses how CAP is written and read: see CAP_ONLY.
    "broadcast": GROUND | {"profile", "handoff", "rules"},
    # What the recorder wrote, as others read it: no process, no window.
    "footage": GROUND,
    # What was measured, as files: written by the historian, read by desks.
    "history": GROUND | {"telemetry"},
    "historian": GROUND | {"telemetry", "profile", "wire", "history"},
    "video": GROUND | {"profile", "footage"},
    # Contact data of citizens: the intake keeps it, the hub reads it for a person.
    "citizens": GROUND,
    "recorder": GROUND | {"telemetry", "profile", "wire", "video", "footage"},
    "evidence": GROUND | {"profile", "video", "footage"},
    # Serves what was granted from the footage; of the evidence it uses how packets are wrapped and masked, of
    # the hand-off the certificates partners have already: see TLS_ONLY.
    "share": GROUND | {"admission", "footage", "evidence", "handoff", "wire"},
    "report": GROUND | {"profile", "citizens"},
    # Geography without a window: search, sight, clusters, layers.
    "geo": GROUND | {"profile"},
    # What a line in the command bar may mean: no window, no connection.
    "bar": GROUND | {"profile", "geo", "report"},
    # Raster tiles in the one file format that maps are handed around in offline, which is SQLite.
    "maptiles": GROUND,
    # Describes the records of the bus and of the evidence package from their own docstrings.
    "reference": GROUND | {"evidence"},
    # Of the hand-off, gateways share how hostile XML is read: see CAP_FORMAT.
    "gateways": GROUND | {"admission", "telemetry", "profile", "wire", "recording", "citizens", "handoff",
                          "geo"},
    # The partner's side shares the message format with the sender, and nothing else: see SHARED_FORMAT.
    "agency": GROUND | {"handoff"},
    # What the record amounts to; read only.
    "figures": GROUND | {"telemetry", "profile", "rules", "ledger", "history"},
    # The desk hears the bus and shows; it never decides, writes or opens the ledger.
    "desk": GROUND | {"telemetry", "profile", "wire", "video", "footage", "evidence", "report", "history",
             "rules", "bar", "handoff"},
    # Footage and history: `bongsu check` looks at all of a data folder.
    "hub": GROUND | {"telemetry", "profile", "rules", "wire", "ledger", "recording", "handoff", "footage",
            "history", "share",
            "citizens", "figures", "broadcast"},
}
#: What puts programs together and may import any part.
ROOTS = {"cli", "demo", "bench"}
#: Single modules that put one program together, and what they may import beyond their part's rule.
ROOT_MODULES = {
    Path("console/desk/desk.py"): {"widgets"},
    Path("console/desk/offers.py"): {"widgets"},
    Path("console/desk/desk_alarms.py"): {"widgets"},
    Path("console/desk/reportspage.py"): {"widgets"},
    Path("console/desk/desk_map.py"): {"widgets"},
    Path("console/desk/desk_bar.py"): {"widgets"},
    Path("console/desk/desk_byhand.py"): {"widgets"},
    Path("console/desk/desk_clues.py"): {"widgets"},
    Path("console/desk/desk_ladder.py"): {"widgets"},
    Path("console/desk/desk_messages.py"): {"widgets"},
    Path("console/desk/desk_procedure.py"): {"widgets"},
    Path("console/desk/desk_scene.py"): {"widgets"},
    Path("console/desk/desk_shares.py"): {"widgets"},
    Path("console/desk/keys_command.py"): {"widgets"},
}
TLS_ONLY = ("console.handoff.tls",)
GRANTS_ONLY = ("console.share.grants",)
CAP_ONLY = ("console.handoff.cap",)
LADDER = ("console.handoff.thread", "console.handoff.phone")
CAP_FORMAT = ("console.handoff.prologue", "console.handoff.grammar")
SHARED_FORMAT = (
    "console.handoff.cap", "console.handoff.profile", "console.handoff.rules", "console.handoff.eido",
    "console.handoff.jsontext", "console.handoff.signing", "console.handoff.signingkeys",
    "console.handoff.seen", "console.handoff.kinds", "console.handoff.requests",
    "console.handoff.caprequests",
    # Figures of the ladder's file, and the lines the checker reads: no steps, no standing.
    "console.handoff.thread.figures", "console.handoff.thread.checker",
)

#: What widgets/ may know of console/: what is shown, never how it came.
WIDGETS_MAY_USE = GROUND | {
    "telemetry", "profile", "desk", "video", "footage", "evidence", "report", "history", "geo", "maptiles",
    "citizens", "bar",
    # Of the hand-off, how a thread stands and a draft reads: see HANDOFF_FOR_DESK.
    "handoff",
}
#: The parts of the desk a widget may touch.
DESK_FOR_WIDGETS = (
    "console.desk.board", "console.desk.port", "console.desk.inbound",
    "console.desk.casequeue", "console.desk.queuerows", "console.desk.caseacts", "console.desk.nearcases",
    "console.desk.alarmbook", "console.desk.alarmlines", "console.desk.annunciator", "console.desk.speaker",
)
#: The rules the desk may use: those that arrange what the hub decided, and their figures.
RULES_FOR_DESK = (
    "console.rules.alarm.figures", "console.rules.alarm.flood",
    "console.rules.casework.claims", "console.rules.casework.figures", "console.rules.casework.queue",
    "console.rules.casework.standingorder", "console.rules.casework.stages",
    "console.rules.casework.precision",
)  # fmt: skip
#: Of the hand-off, what is pure and says how a thread stands and how a draft reads: no line, no format.
HANDOFF_FOR_DESK = (
    "console.handoff.draft", "console.handoff.drafttext", "console.handoff.phone", "console.handoff.kinds",
    "console.handoff.thread.",
)
#: The one package of widgets/ that the others share.
KIT = "kit"

#: An outside package -> the only places that import it.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "PySide6": ("widgets/", "console/desk/desk.py", "console/desk/offers.py", "console/desk/desk_alarms.py",
                "console/desk/reportspage.py", "console/desk/desk_map.py", "console/desk/desk_bar.py",
                "console/desk/desk_byhand.py",
                "console/desk/desk_messages.py", "console/desk/desk_scene.py",
                "console/desk/keys_command.py", "console/agency/window/",
                "console/desk/desk_shares.py",
                # Letters burnt into a shared picture, painted in a process of their own.
                "console/bench/handoff_keys.py", "console/share/lettering.py"),
    "shiboken6": ("widgets/",),
    "pyqtgraph": ("widgets/charts/",),
    "zmq": ("console/wire/", "console/hub/", "console/desk/link", "console/gateways/", "console/recorder/",
            "console/historian/feed", "console/share/link"),
    # The bench measures the bare file system under SQLite beside ours, in the same run.
    # An MBTiles file is an SQLite database by its specification; it is only read, in a thread of its own.
    "sqlite3": ("console/ledger/", "console/agency/", "console/bench/decisions", "console/maptiles/"),
    "sqlite_utils": ("console/ledger/", "console/agency/"),
    "av": ("console/video/", "console/footage/", "console/recorder/", "console/evidence/",
           "console/share/", "console/bench/clips", "console/agency/player", "console/agency/still"),
    "cv2": ("console/video/", "console/eyes/", "console/evidence/"),
    "mcap": ("console/recording/",),
    "aiohttp": ("console/handoff/", "console/agency/", "console/gateways/open311/", "console/gateways/cap/",
                "console/share/", "console/bench/share"),
    "paho": ("console/gateways/mqtt/",),
    "lxml": ("console/handoff/", "console/gateways/cap/",),
}

#: Named above and not written yet.  This list only gets shorter; a name that has come must leave it.
NOT_YET: set[str] = {
    "console/eyes",
}


def part(path: Path) -> str:
    """The part of console/ or widgets/ a file belongs to: its folder, or its own name at the top."""
    return path.parts[1].removesuffix(".py")


def breaches(path: Path, module: ast.Module | None = None) -> list[str]:
    """What a file (or ``module`` in its place) imports against the rule, each as a sentence."""
    found = []
    for line, name in imports(path, module):
        top, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        why = None
        if top in OUTSIDE and not str(path).startswith(OUTSIDE[top]):
            why = f"only {', '.join(OUTSIDE[top])} may"
        elif top == "console" and other:
            why = _console(path, name, other)
        elif top == "widgets":
            why = _widgets(path, other)
        elif top in ("tests", "assets", "seeds"):
            why = "the product does not import what stands beside it"
        if why:
            found.append(f"{path}:{line} imports {name}: {why}")
    return found


def _console(path: Path, name: str, other: str) -> str | None:
    if path.parts[0] == "widgets":
        if other not in WIDGETS_MAY_USE:
            return f"widgets use {', '.join(sorted(WIDGETS_MAY_USE))}"
        if other == "desk" and not name.startswith(DESK_FOR_WIDGETS):
            return f"of the desk, widgets use {', '.join(DESK_FOR_WIDGETS)}"
        if other == "handoff" and not name.startswith(HANDOFF_FOR_DESK):
            return f"of the hand-off, widgets use {', '.join(HANDOFF_FOR_DESK)}"
        return None
    own = part(path)
    if own in ROOTS or other == own or own == "__init__" or other == "__version__":
        return None
    if own not in CONSOLE:
        return f"console/{own} is not named in the rule"
    if other not in CONSOLE[own]:
        return f"{own} may import {', '.join(sorted(CONSOLE[own])) or 'nothing of ours'}"
    if own == "desk" and other == "rules" and not name.startswith(RULES_FOR_DESK):
        return f"of the rules, the desk uses {', '.join(RULES_FOR_DESK)}"
    if own == "desk" and other == "handoff" and not name.startswith(HANDOFF_FOR_DESK):
        return f"of the hand-off, the desk uses {', '.join(HANDOFF_FOR_DESK)}"
    if own == "rules" and other == "handoff" and not name.startswith(LADDER):
        return f"rules use {', '.join(LADDER)} and nothing else of the hand-off"
    if own == "agency" and other == "handoff" and not name.startswith(SHARED_FORMAT):
        return f"the two sides share {', '.join(SHARED_FORMAT)} and nothing else"
    if own == "hub" and other == "share" and not name.startswith(GRANTS_ONLY):
        return f"the hub writes grants by {', '.join(GRANTS_ONLY)} and serves nothing"
    if own == "gateways" and other == "handoff" and not name.startswith(CAP_FORMAT):
        return f"gateways share {', '.join(CAP_FORMAT)} and nothing else"
    if own == "broadcast" and other == "handoff" and not name.startswith(CAP_ONLY):
        return f"messages use {', '.join(CAP_ONLY)} and nothing else of the hand-off"
    if own == "share" and other == "handoff" and not name.startswith(TLS_ONLY):
        return f"shares use {', '.join(TLS_ONLY)} and nothing else of the hand-off"
    return None


def _widgets(path: Path, other: str) -> str | None:
    if path.parts[0] == "widgets":
        return None if other in (KIT, part(path)) else "features meet through board, pulse and actions"
    if part(path) in ROOTS or "widgets" in ROOT_MODULES.get(path, set()):
        return None
    return "only the composition roots build widgets"


def test_no_module_imports_against_the_rule():
    found = [each for path in python_files("console", "widgets") for each in breaches(path)]
    assert not found, "\n" + "\n".join(found)


def exists(named: str) -> bool:
    target = REPO / named
    return target.is_dir() or target.is_file() or target.with_suffix(".py").is_file()


def test_the_rule_names_what_exists_and_what_exists_is_named():
    named = {f"console/{each}" for each in set(CONSOLE).union(ROOTS, *CONSOLE.values())}
    named |= {place.rstrip("/") for places in OUTSIDE.values() for place in places}
    named |= {str(path) for path in ROOT_MODULES} | {f"widgets/{KIT}"}
    named |= {each.replace(".", "/") for each in (*SHARED_FORMAT, *DESK_FOR_WIDGETS, *RULES_FOR_DESK)}
    named |= {each.replace(".", "/") for each in (*TLS_ONLY, *CAP_ONLY, *LADDER)}
    named |= {each.rstrip(".").replace(".", "/") for each in HANDOFF_FOR_DESK}
    assert {each for each in named if not exists(each)} - NOT_YET == set(), "named in the rule, but not there"
    assert {each for each in NOT_YET if exists(each)} == set(), "it has come: take it off NOT_YET"
    parts = {part(path) for path in python_files("console")} - {"__init__", "__main__"}
    assert parts - set(CONSOLE) - ROOTS == set(), "a part of console/ without a rule"


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("console/model/event.py", "from console.rules import air"),
        ("console/rules/air.py", "import zmq"),
        ("console/rules/air.py", "from ..hub import sequence"),
        ("console/rules/air.py", "from console.handoff import courier"),
        ("console/handoff/courier.py", "import sqlite3"),
        ("console/agency/desk.py", "from console.handoff import courier"),
        ("console/desk/board.py", "from PySide6.QtCore import QObject"),
        ("console/desk/board.py", "def late():\n    from console.ledger import reader"),
        ("console/desk/board.py", "import widgets.kit"),
        ("console/desk/alarmbook.py", "from console.rules.alarm import bank"),
        ("console/hub/hub.py", "from console import desk"),
        ("widgets/wall/pane.py", "from widgets.charts import band"),
        ("widgets/wall/pane.py", "from console.desk.link import HubLink"),
        ("widgets/wall/pane.py", "import importlib\nimportlib.import_module('console.ledger.store')"),
        ("console/surprise/part.py", "from console.model import base"),
    ],
)
def test_the_check_sees_each_kind_of_breach(where, code):
    assert len(breaches(Path(where), ast.parse(code))) == 1
