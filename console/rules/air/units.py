"""Concentrations of gases between ppb, ppm, µg/m³ and mg/m³, at a temperature that is always stated.

A volume ratio becomes a mass only at a temperature: 100 ppb of ozone are 200 µg/m³ at 20 °C and 196 at 25 °C.
Pressure and molar masses are those of the tables.
"""

from __future__ import annotations

from console.rules.air.tables import Units
from console.telemetry.table import F64

_PPB = {"ppb": 1.0, "ppm": 1e3}
_UG_M3 = {"ug/m3": 1.0, "mg/m3": 1e3}


class UnitError(ValueError):
    """A concentration cannot be said in that unit; the text names what was asked for and what is known."""


def ug_m3_of_one_ppb(units: Units, gas: str, celsius: float) -> float:
    """The mass of 1 ppb. Raises UnitError for what is not a gas of the table, or no temperature of air."""
    mass = next((g for name, g in units.molar_mass_g_mol.items() if name == gas), None)
    if mass is None:
        known = ", ".join(sorted(units.molar_mass_g_mol))
        raise UnitError(f"{gas!r} has no molar mass: ppb and ppm are for {known}")
    if not -90.0 <= celsius <= 60.0:
        raise UnitError(f"temperature: expected -90 to 60 °C, found {celsius!r}")
    kelvin = celsius + units.zero_celsius_k
    mol_m3 = units.pressure_pa / (units.gas_constant_j_mol_k * kelvin)
    return mol_m3 * mass * 1e-9 * 1e6


def converted(units: Units, values: F64, gas: str, unit: str, into: str, *, celsius: float) -> F64:
    """`values` in `into`. Missing (NaN) stays missing. Raises UnitError, also for units nobody knows.

    Within ppb and ppm, and within µg/m³ and mg/m³, any substance may be asked for, dust too.
    """
    for one in (unit, into):
        if one not in _PPB and one not in _UG_M3:
            raise UnitError(f"unit: expected {', '.join([*_PPB, *_UG_M3])}, found {one!r}")
    scale = {**_PPB, **_UG_M3}
    factor = scale[unit] / scale[into]
    if (unit in _PPB) == (into in _PPB):
        return values * factor
    mass = ug_m3_of_one_ppb(units, gas, celsius)
    return values * (factor * mass if unit in _PPB else factor / mass)
