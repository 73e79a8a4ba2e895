"""Disaster messages on the desk: a page to write, approve and follow them, a strip that says what waits."""
