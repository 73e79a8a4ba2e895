"""What all walls share: layouts, the city's mode, and what is hidden in a camera's picture."""

from __future__ import annotations

from collections.abc import Callable

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.footage import LONGEST_LIFT_S, zones_problem
from console.model.layout import layout_problem
from console.model.state import CityState, lift_key
from console.profile.shapes import FREE, shape_named
from console.rules.city import City, Phrase
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal

MOST_LAYOUTS = 500
LONGEST_TEXT = 10_000


def _places_of(shape_id: str) -> int:
    """How many places a shape has; 0 for an unknown one."""
    shape = shape_named(shape_id)
    return len(shape.places) if shape is not None else 0


class WallRules:
    """Decides what is asked about walls."""

    def __init__(self, city: City, phrase: Phrase) -> None:
        self._city, self._phrase = city, phrase
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.SaveLayout: self._save,
            do.DeleteLayout: self._delete,
            do.SetCityMode: self._set_mode,
            do.SetMasks: self._set_masks,
            do.LiftMasks: self._lift_masks,
        }

    def _save(
        self, state: CityState, request: do.Request, command: do.SaveLayout, draft: Drafting, now: int
    ) -> Decision | Refusal:
        layout = command.layout
        problem = layout_problem(layout)
        if problem:
            return self._refuse("bad_layout", problem=problem)
        places = len(layout.places) if layout.shape == FREE else _places_of(layout.shape)
        if not places:
            return self._refuse("bad_layout", problem=f"shape: {layout.shape[:20]}")
        if len(layout.camera_ids) > places:
            return self._refuse("bad_layout", problem=f"camera_ids: {len(layout.camera_ids)} > {places}")
        unknown = [
            one for one in (*layout.camera_ids, *layout.carousel) if one and one not in self._city.cameras
        ]
        if unknown:
            return self._refuse("unknown_device", device=", ".join(unknown[:3]))
        if layout.id not in state.layouts and len(state.layouts) >= MOST_LAYOUTS:
            return self._refuse("too_many_layouts", limit=str(MOST_LAYOUTS))
        if state.layouts.get(layout.id) == layout:
            return NOTHING
        same = [
            one.name for one in state.layouts.values() if one.number == layout.number and one.id != layout.id
        ]
        if layout.number and same:
            return self._refuse("layout_number_taken", number=str(layout.number), layout=same[0])
        draft.add(ev.LayoutSaved(desk=request.desk, person=request.person, layout=layout))
        return Decision(tuple(draft.drafts))

    def _delete(
        self, state: CityState, request: do.Request, command: do.DeleteLayout, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if command.layout_id not in state.layouts:
            return NOTHING
        draft.add(ev.LayoutDeleted(desk=request.desk, person=request.person, layout_id=command.layout_id))
        return Decision(tuple(draft.drafts))

    def _set_mode(
        self, state: CityState, request: do.Request, command: do.SetCityMode, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if command.mode and command.mode not in self._city.modes:
            return self._refuse("unknown_mode", mode=command.mode[:80])
        if command.mode == state.mode:
            return NOTHING
        draft.add(ev.CityModeChanged(desk=request.desk, person=request.person, mode=command.mode))
        return Decision(tuple(draft.drafts))

    def _set_masks(
        self, state: CityState, request: do.Request, command: do.SetMasks, draft: Drafting, now: int
    ) -> Decision | Refusal:
        problem = self._mask_problem(command.camera_id, command.reason)
        if problem is not None:
            return problem
        wrong = zones_problem(command.zones)
        if wrong:
            return self._refuse("bad_masks", problem=wrong)
        before = state.masks.get(command.camera_id, ())
        if command.zones == before:
            return NOTHING
        kept = {zone.points for zone in command.zones}
        if not is_supervisor(self._city, request.desk) and any(zone.points not in kept for zone in before):
            return self._refuse("masks_only_added")
        draft.add(
            ev.MasksSet(
                desk=request.desk,
                person=request.person,
                camera_id=command.camera_id,
                zones=command.zones,
                reason=command.reason.strip(),
            )
        )
        return Decision(tuple(draft.drafts))

    def _lift_masks(
        self, state: CityState, request: do.Request, command: do.LiftMasks, draft: Drafting, now: int
    ) -> Decision | Refusal:
        hides_again = command.for_s == 0
        if hides_again and lift_key(request.desk, command.camera_id) not in state.lifted_masks:
            return NOTHING
        if not hides_again and not is_supervisor(self._city, request.desk):
            return self._refuse("supervisor_only")
        problem = self._mask_problem(command.camera_id, "-" if hides_again else command.reason)
        if problem is not None:
            return problem
        if not 0 <= command.for_s <= LONGEST_LIFT_S:
            return self._refuse("bad_lift", hours=str(LONGEST_LIFT_S // 3600))
        draft.add(
            ev.MasksLifted(
                desk=request.desk,
                person=request.person,
                camera_id=command.camera_id,
                until_ns=now + command.for_s * SECOND_NS,
                reason=command.reason.strip(),
            )
        )
        return Decision(tuple(draft.drafts))

    def _mask_problem(self, camera_id: str, reason: str) -> Refusal | None:
        if camera_id not in self._city.cameras:
            return self._refuse("unknown_device", device=camera_id[:80])
        if not reason.strip() or len(reason) > LONGEST_TEXT:
            return self._refuse("no_mask_reason")
        return None

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)
