"""What the agency's tests share: public schema and certificates of the hand-off's tests, and a window."""

from tests.agency.rig import room  # noqa: F401 - fixtures, by their names
from tests.handoff.conftest import keys, valid  # noqa: F401
