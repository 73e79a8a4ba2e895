"""The field's rules at work in the hub: asked once a second, told where they say something new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.clock import Clock
from console.model.state import CityState
from console.profile import Profile
from console.rules.air.tables import load_air
from console.rules.draft import Decision
from console.rules.energy import energy_figures
from console.rules.field.airs import AirWatch
from console.rules.field.decide import decide_field
from console.rules.field.meters import MeterWatch
from console.rules.field.noises import NoiseWatch
from console.rules.field.qualities import QualityWatch
from console.rules.field.rivers import RiverWatch
from console.rules.field.roads import RoadWatch
from console.rules.field.streetlamps import LampWatch
from console.rules.field.underpasses import UnderpassWatch
from console.rules.field.watch import FieldWatch
from console.rules.lamps import lamp_figures
from console.rules.noise import noise_figures
from console.rules.quality import quality_figures
from console.rules.river import river_figures
from console.rules.traffic import traffic_figures
from console.rules.triage import Triage
from console.rules.underpass import underpass_figures
from console.telemetry.table import PointTable


class FieldStates:
    """All rules of a city. The hub's thread."""

    def __init__(self, profile: Profile, triage: Triage, clock: Clock) -> None:
        self._triage, self._clock = triage, clock
        told = quality_figures()
        now_ns, stale_periods = clock.now_ns(), told.stale_periods
        self.quality = QualityWatch(told, profile, triage.phrase)
        rivers = RiverWatch(river_figures(), profile, triage.phrase, stale_periods, now_ns)
        underpasses = UnderpassWatch(
            underpass_figures(), profile, triage.phrase, rivers, stale_periods, now_ns
        )
        self.air = AirWatch(load_air(), profile, triage.phrase, stale_periods, now_ns)
        # Rivers first: the underpasses beside them ask what was found.
        self._watches: Sequence[FieldWatch] = (
            rivers, underpasses, self.quality, LampWatch(lamp_figures(), profile, triage.phrase),
            RoadWatch(traffic_figures(), profile, triage.phrase, stale_periods, now_ns),
            NoiseWatch(noise_figures(), profile, triage.phrase, stale_periods, now_ns),
            MeterWatch(energy_figures(), profile, triage.phrase), self.air,
        )  # fmt: skip

    def look(self, state: CityState, table: PointTable) -> Iterator[Decision]:
        """What has changed since the state was told; each is to be proposed before the next is asked for."""
        return decide_field(self._triage, state, self._watches, table, self._clock.now_ns())
