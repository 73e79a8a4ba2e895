"""What an alarm was worth before, by the verdicts of persons: its own rule, and cameras in its incident."""

from __future__ import annotations

from console.desk.board import Board
from console.language import Catalogue
from console.model.alarm import Alarm
from console.model.casework import Clue
from console.report.names import type_name
from widgets.kit.worth import RuleWorth


def verdicts_of(alarm: Alarm, board: Board, worth: RuleWorth | None, catalogue: Catalogue) -> list[str]:
    """A line for the alarm's own rule on its device, then one for each rule on a camera in its incident.

    Nothing before the hub has said what it counted, and of an alarm that is of no single device.
    """
    if worth is None:
        return []
    case = board.state.cases.get(alarm.incident_id)
    clues = case.clues if case is not None else ()
    own = next((one for one in clues if _is_of(one, alarm)), None)
    rule, place = own.counted_on if own is not None else (alarm.limit_id, alarm.device_id)
    said = worth.of(rule, place)
    lines, told = [said] if said else [], {(rule, place)}
    for clue in clues:
        camera = board.profile.devices.get(clue.camera_id)
        if camera is None or clue.counted_on in told:
            continue
        told.add(clue.counted_on)
        said = worth.of(*clue.counted_on)
        if said:
            kind = type_name(board.profile, catalogue, clue.type)
            lines.append(f"{kind}, {catalogue.words(camera.name)}: {said}")
    return lines


def _is_of(clue: Clue, alarm: Alarm) -> bool:
    """One occurrence of a line's alarm can be a clue to more than one incident, marked after a "#"."""
    return bool(alarm.occurrence) and clue.uid.partition("#")[0] == alarm.occurrence
