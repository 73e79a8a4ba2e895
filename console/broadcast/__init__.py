"""Disaster messages on their way out: as CAP, to files and HTTPS end points; and who approves by code."""
