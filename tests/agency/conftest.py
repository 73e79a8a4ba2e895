"""What the tests of the agency share: the public schema and the certificates of the hand-off's tests."""

from tests.handoff.conftest import keys, valid  # noqa: F401 - fixtures, by their names
