"""Tests mirror the source; what must be true of every test is in ``tests/guards``."""
