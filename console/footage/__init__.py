"""Recorded pictures on disk: written by the recorder, read by everybody else. No process, no window."""
