"""A city as data: `load_profile` reads and checks it, `nearest_cameras` asks it where to look."""

from console.profile.load import load_profile
from console.profile.nearest import nearest_cameras
from console.profile.problems import Problem, ProfileError
from console.profile.profile import (
    Agency,
    Bounds,
    ChartBand,
    DeskInfo,
    District,
    GroupRule,
    IncidentType,
    KindInfo,
    Profile,
    Register,
    Site,
    Street,
    SystemInfo,
)  # fmt: skip

__all__ = [
    "Agency", "Bounds", "ChartBand", "DeskInfo", "District", "GroupRule", "IncidentType", "KindInfo",
    "Problem", "Profile", "ProfileError", "Register", "Site", "Street", "SystemInfo", "load_profile",
    "nearest_cameras",
]  # fmt: skip
