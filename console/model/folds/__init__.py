"""How each entry changes the state; a module for each subject, `FOLDS` for all of them."""

from __future__ import annotations

from console.model.folds import (
    alarm,
    areaact,
    control,
    fieldstate,
    footage,
    gateway,
    handoff,
    incident,
    ladder,
    message,
    procedure,
    provision,
    report,
    room,
    share,
    sketch,
    upkeep,
    wall,
    warning,
)
from console.model.folds.base import Folds

FOLDS: Folds = {
    **room.FOLDS, **alarm.FOLDS, **incident.FOLDS, **handoff.FOLDS, **footage.FOLDS, **wall.FOLDS,
    **ladder.FOLDS,
    **sketch.FOLDS,
    **gateway.FOLDS,
    **upkeep.FOLDS,
    **warning.FOLDS,
    **report.FOLDS,
    **share.FOLDS,
    **control.FOLDS,
    **message.FOLDS,
    **areaact.FOLDS,
    **fieldstate.FOLDS,
    **procedure.FOLDS,
    **provision.FOLDS,
}
